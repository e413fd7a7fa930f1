using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Billing.FinanceFeed;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.FinanceFeed;

/// <summary>What is published again, and what goes on, when a queue, a process or a connection is lost.</summary>
public sealed class FeedRelayTests(BillingFixture billing)
{
    [Fact]
    public async Task A_rewound_feed_is_published_again_from_that_position_on()
    {
        await using var own = await billing.AnotherAsync();
        await using var queue = await FeedQueue.OpenAsync(own.Broker);
        for (var i = 0; i < 3; i++) await own.CustomerAsync(Point);
        var first = await queue.TakeAsync(3);

        using var response = await RewindAsync(own, new { position = 1 });

        Assert.Equal("""{"published":3,"position":1}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(first.Skip(1), await queue.TakeAsync(2));
        await Eventually.Equal(3L, () => CursorAsync(own));
    }

    [Theory]
    [InlineData("""{"position":1000000}""", HttpStatusCode.Conflict)]
    [InlineData("""{"position":-1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"position":0,"from":0}""", HttpStatusCode.BadRequest)]
    public async Task A_rewind_that_makes_no_sense_is_refused(string body, HttpStatusCode status)
    {
        await using var own = await billing.AnotherAsync();

        using var response = await RewindAsync(own, JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_queue_that_is_lost_is_declared_again_and_gets_everything_again()
    {
        await using var own = await billing.AnotherAsync();
        await using (var queue = await FeedQueue.OpenAsync(own.Broker))
        {
            for (var i = 0; i < 3; i++) await own.CustomerAsync(Point);
            await Eventually.Equal(3L, () => CursorAsync(own));
            await queue.DeleteAsync();
        }

        await own.CustomerAsync(Point);

        await using var again = await FeedQueue.OpenAsync(own.Broker);
        Assert.Equal([1, 2, 3, 4], (await again.TakeAsync(4)).Select(PositionOf));
    }

    [Fact]
    public async Task Another_process_goes_on_when_the_publishing_one_loses_its_lock()
    {
        await using var own = await billing.AnotherAsync();
        await using var second = await own.StartAsync();
        await using var queue = await FeedQueue.OpenAsync(own.Broker);
        for (var i = 1; i <= 3; i++)
        {
            await own.CustomerAsync(Point);
            await Eventually.Equal((long)i, () => CursorAsync(own));
            await ExecuteAsync(own, "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 7021 and database = (select oid from pg_database where datname = current_database())");
        }

        await own.CustomerAsync(Point);

        Assert.Equal([1, 2, 3, 4], (await queue.TakeAsync(4)).Select(PositionOf));
    }

    [Fact]
    public async Task The_replay_goes_on_while_the_broker_is_away()
    {
        await using var service = await billing.StartOnNewDatabaseAsync(builder => builder.Services.AddSingleton(new BrokerAddress("127.0.0.1", TestSockets.FreePort(), "/", "nobody", "nothing")));
        using var grant = Admin(HttpMethod.Post, $"/admin/accounts/{Guid.CreateVersion7()}/points", new { micropoints = Point, reason = "opening balance" });
        using var granted = await service.Client.SendAsync(grant);
        granted.EnsureSuccessStatusCode();

        await Eventually.Equal(1L, async () => (await service.Client.GetFromJsonAsync<JsonElement>(new Uri("/finance/events", UriKind.Relative))).GetProperty("next").GetInt64());
    }

    private static Task<HttpResponseMessage> RewindAsync(BillingFixture own, object body)
    {
        var request = Admin(HttpMethod.Post, "/finance/feed/rewind", body, actor: "finance");
        return own.Client.SendAsync(request);
    }

    private static long PositionOf(string json) => JsonSerializer.Deserialize<JsonElement>(json).GetProperty("data").GetProperty("position").GetInt64();

    private static async Task<long> CursorAsync(BillingFixture own)
    {
        await using var command = own.Owner.CreateCommand("select published_position from billing_feed_cursor");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(BillingFixture own, string sql)
    {
        await using var command = own.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The finance queue of one virtual host, as a consumer sees it.</summary>
    private sealed class FeedQueue(IConnection connection) : IAsyncDisposable
    {
        public static async Task<FeedQueue> OpenAsync(string broker) => new(await BrokerAddress.Parse(broker).ConnectionFactory("tests").CreateConnectionAsync());

        public async Task<List<string>> TakeAsync(int count)
        {
            var taken = new List<string>();
            await Eventually.True(async () =>
            {
                if (await connection.FindQueueAsync(FeedTopology.Queue, CancellationToken.None) is null) return false;

                await using var channel = await connection.CreateChannelAsync();
                while (taken.Count < count && await channel.BasicGetAsync(FeedTopology.Queue, autoAck: true) is { } message) taken.Add(System.Text.Encoding.UTF8.GetString(message.Body.Span));
                return taken.Count == count;
            });
            return taken;
        }

        public async Task DeleteAsync()
        {
            await using var channel = await connection.CreateChannelAsync();
            await channel.QueueDeleteAsync(FeedTopology.Queue);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
