using System.Text.Json;
using Aigc2d.Billing.FinanceFeed;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.TestKit;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.FinanceFeed;

public sealed class FinanceFeedTests(BillingFixture billing)
{
    [Fact]
    public async Task A_charge_is_told_with_everything_it_can_be_recomputed_from()
    {
        var (account, hold, usage) = await ChargeAsync();

        await Eventually.Equal(2, async () => (await billing.EventsOfAsync(account)).Length);
        var told = (await billing.EventsOfAsync(account))[1];
        var data = told.GetProperty("data");

        Assert.Equal("billing.usage.charged.v1", told.GetProperty("type").GetString());
        Assert.Equal("/aigc2d/billing", told.GetProperty("source").GetString());
        Assert.Equal(account.ToString(), told.GetProperty("subject").GetString());
        Assert.EndsWith("Z", told.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            $$"""
            {"accountId":"{{account}}","accountSequence":2,"amountMicropoints":-138000,"balanceMicropoints":9862000,"cachedInputTokens":0,"channelId":"{{usage.ChannelId}}","endCause":"completed","estimated":false,"inputTokens":11,"keyId":"{{hold.KeyId}}","model":"gpt-3.5-turbo","multiplierPpm":1000000,"outputTokens":9,"priceVersion":1,"provider":"openai","rates":{"input":6000000,"output":8000000},"requestId":"{{hold.RequestId}}","rule":"plain"}
            """,
            Sorted(data, without: "position"));
    }

    [Fact]
    public async Task The_queue_brings_the_same_bodies_in_the_same_order_as_the_replay()
    {
        var (account, _, _) = await ChargeAsync();
        await using var connection = await BrokerAddress.Parse(billing.Broker).ConnectionFactory("tests").CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();

        var received = new List<JsonElement>();
        await Eventually.True(async () =>
        {
            while (await channel.BasicGetAsync(FeedTopology.Queue, autoAck: true) is { } message)
            {
                Assert.Equal("application/cloudevents+json", message.BasicProperties.ContentType);
                received.Add(JsonSerializer.Deserialize<JsonElement>(message.Body.Span));
                Assert.Equal(received[^1].GetProperty("type").GetString(), message.RoutingKey);
            }

            return received.Count(e => e.GetProperty("subject").GetString() == account.ToString()) == 2;
        });

        var positions = received.ConvertAll(e => e.GetProperty("data").GetProperty("position").GetInt64());
        Assert.Equal(positions.Order(), positions);
        var replay = await billing.EventsOfAsync(account);
        Assert.Equal(replay.Select(e => e.GetRawText()), received.Where(e => e.GetProperty("subject").GetString() == account.ToString()).Select(e => e.GetRawText()));
    }

    [Fact]
    public async Task An_accounts_sequence_has_no_gap_and_ends_in_its_balance_under_concurrent_charges()
    {
        var account = await billing.CustomerAsync(100 * Point);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            var hold = Hold(account);
            await billing.PlaceAsync(hold);
            await billing.Settlement.SubmitAsync(Usage(hold, 11, 9));
        }));

        await Eventually.Equal(61, async () => (await billing.EventsOfAsync(account)).Length);
        var events = (await billing.EventsOfAsync(account)).Select(e => e.GetProperty("data")).ToArray();

        Assert.Equal(Enumerable.Range(1, 61).Select(i => (long)i), events.Select(e => e.GetProperty("accountSequence").GetInt64()));
        Assert.Equal(100 * Point - (60 * 138_000), events.Sum(e => e.GetProperty("amountMicropoints").GetInt64()));
        Assert.Equal((await billing.StandAsync(account)).Balance, events[^1].GetProperty("balanceMicropoints").GetInt64());
    }

    [Fact]
    public async Task A_free_ending_is_not_told()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 11, 9, Contracts.Providers.EndCause.ProviderError));
        var last = Hold(account);
        await billing.PlaceAsync(last);
        await billing.Settlement.SubmitAsync(Usage(last, 11, 9));

        await Eventually.Equal(2, async () => (await billing.EventsOfAsync(account)).Length);
        Assert.Equal(last.RequestId, (await billing.EventsOfAsync(account))[1].GetProperty("data").GetProperty("requestId").GetGuid());
    }

    private async Task<(Guid Account, Contracts.Billing.PlaceHold Hold, Contracts.Providers.UsageRecorded Usage)> ChargeAsync()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        var usage = Usage(hold, 11, 9);
        await billing.Settlement.SubmitAsync(usage);
        return (account, hold, usage);
    }

    private static string Sorted(JsonElement data, string without) =>
        JsonSerializer.Serialize(data.EnumerateObject().Where(p => p.Name != without).OrderBy(p => p.Name, StringComparer.Ordinal).ToDictionary(p => p.Name, p => p.Value));
}
