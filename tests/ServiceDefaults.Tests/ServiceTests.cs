using System.Net;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Internal;
using Aigc2d.ServiceDefaults.Messaging;
using Aigc2d.ServiceDefaults.Outbox;
using Aigc2d.ServiceDefaults.Postgres;
using Aigc2d.TestKit;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Aigc2d.ServiceDefaults.Tests;

public sealed class ServiceTests(ServiceFixture fixture)
{
    [Fact]
    public async Task Only_siblings_get_in_and_health_is_open()
    {
        await using var service = await ServiceFixture.StartAsync(fixture.NewDatabase(), await fixture.NewVirtualHostAsync());
        using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = service.BaseAddress };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stranger, "/health"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stranger, "/alive"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stranger, "/internal/probe"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(service.Client, "/internal/probe"));

        stranger.DefaultRequestHeaders.Add(CallHeaders.Internal, new InternalKey(Convert.ToBase64String(new byte[32]), "test").HeaderValue);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stranger, "/internal/probe"));
    }

    [Theory]
    [InlineData("""{"number":1}""", HttpStatusCode.OK, null)]
    [InlineData("""{"number":"1"}""", HttpStatusCode.BadRequest, "number")]
    [InlineData("""{"number":1e99}""", HttpStatusCode.BadRequest, "number")]
    [InlineData("""{"number":1,"number":2}""", HttpStatusCode.BadRequest, "number")]
    [InlineData("""{"number":1,"other":2}""", HttpStatusCode.BadRequest, "other")]
    [InlineData("""{}""", HttpStatusCode.BadRequest, "number")]
    [InlineData("""{"number":""", HttpStatusCode.BadRequest, "number")]
    public async Task A_body_that_cannot_be_read_is_a_problem_that_names_the_field(string json, HttpStatusCode status, string? field)
    {
        await using var service = await ServiceFixture.StartAsync(fixture.NewDatabase(), await fixture.NewVirtualHostAsync());
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await service.Client.PostAsync(new Uri("/internal/strict", UriKind.Relative), content);

        Assert.Equal(status, response.StatusCode);
        if (field is null) return;
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal([field], problem.RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task What_a_transaction_stages_arrives_after_its_commit_and_what_it_rolls_back_never_does()
    {
        var received = new Inbox();
        await using var service = await ServiceFixture.StartAsync(
            fixture.NewDatabase(), await fixture.NewVirtualHostAsync(), bus => bus.AddConsumerOn<InboxConsumer>("probe.usage"), builder => builder.Services.AddSingleton(received));
        var kept = Usage();
        await StageAsync(service, Usage(), commit: false);
        await StageAsync(service, kept, commit: true);

        await Eventually.True(() => !received.Messages.IsEmpty);
        Assert.Equal([kept], received.Messages);
        await Eventually.Equal(0L, () => StagedAsync(service));
    }

    [Fact]
    public async Task A_message_that_no_queue_takes_stays_until_one_does()
    {
        var (database, broker) = (fixture.NewDatabase(), await fixture.NewVirtualHostAsync());
        var usage = Usage();
        await using (var alone = await ServiceFixture.StartAsync(database, broker))
        {
            await StageAsync(alone, usage, commit: true);
            await Eventually.True(async () => await AttemptsAsync(alone) > 0);
        }

        var received = new Inbox();
        await using var service = await ServiceFixture.StartAsync(database, broker, bus => bus.AddConsumerOn<InboxConsumer>("probe.usage"), builder => builder.Services.AddSingleton(received));
        await Eventually.True(() => !received.Messages.IsEmpty);
        Assert.Equal([usage], received.Messages);
    }

    [Fact]
    public async Task A_message_that_its_consumer_cannot_handle_is_parked_with_the_reason_and_without_code_paths()
    {
        var broker = await fixture.NewVirtualHostAsync();
        await using var service = await ServiceFixture.StartAsync(fixture.NewDatabase(), broker, bus => bus.AddConsumerOn<PoisonedConsumer>("probe.poison"));
        await StageAsync(service, Usage(), commit: true);

        var address = BrokerAddress.Parse(broker);
        var factory = new ConnectionFactory { HostName = address.Host, Port = address.Port, VirtualHost = address.VirtualHost, UserName = address.User, Password = address.Password };
        BasicGetResult? parked = null;
        await Eventually.True(async () =>
        {
            // A queue that is not there yet closes the channel, and one that is just being made the connection.
            await using var connection = await factory.CreateConnectionAsync();
            await using var channel = await connection.CreateChannelAsync();
            try
            {
                parked = await channel.BasicGetAsync("probe.poison_error", autoAck: true);
            }
            catch (OperationInterruptedException)
            {
            }

            return parked is not null;
        });

        var headers = parked!.BasicProperties.Headers!.ToDictionary(header => header.Key, header => header.Value is byte[] text ? Encoding.UTF8.GetString(text) : "");
        Assert.Equal("FormatException: it makes no sense", headers["MT-Fault-Message"]);
        Assert.DoesNotContain(headers, header => header.Value.Contains(" at Aigc2d", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrations_run_once_although_many_processes_start_together()
    {
        var database = fixture.NewDatabase();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => MigratorFor(database).MigrateAsync(CancellationToken.None))));

        await using var db = NpgsqlDataSource.Create(database);
        await using var command = db.CreateCommand("select string_agg(name, ',' order by name) from schema_migrations");
        Assert.Equal("0001_outbox,0002_monthly_partitions,0100_probe", (string)(await command.ExecuteScalarAsync())!);
    }

    [Fact]
    public async Task A_migration_that_was_edited_after_it_was_applied_stops_the_start()
    {
        var database = fixture.NewDatabase();
        await MigratorFor(database).MigrateAsync(CancellationToken.None);
        await using var db = NpgsqlDataSource.Create(database);
        await using var command = db.CreateCommand("update schema_migrations set hash = 'other' where name = '0100_probe'");
        await command.ExecuteNonQueryAsync();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => MigratorFor(database).MigrateAsync(CancellationToken.None));
        Assert.Contains("0100_probe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_path_runs_as_the_application_role_and_may_only_what_it_was_granted()
    {
        await using var service = await ServiceFixture.StartAsync(fixture.NewDatabase(), await fixture.NewVirtualHostAsync());
        var db = service.Services.GetRequiredService<NpgsqlDataSource>();

        await using var who = db.CreateCommand("select current_user || ' ' || current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')");
        Assert.Equal("probe_app 2s 200ms", (string)(await who.ExecuteScalarAsync())!);
        await using var delete = db.CreateCommand("delete from probes");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => delete.ExecuteNonQueryAsync())).SqlState);
    }

    private static Migrator MigratorFor(string database) =>
        new(new(database, "probe_app", [typeof(Migrator).Assembly, typeof(ServiceTests).Assembly]), NullLogger<Migrator>.Instance);

    internal static UsageRecorded Usage() => new()
    {
        RequestId = Guid.CreateVersion7(),
        AccountId = Guid.CreateVersion7(),
        KeyId = Guid.CreateVersion7(),
        Model = "gpt-4o",
        EndCause = EndCause.ClientAbort,
        InputTokens = 1,
        OutputTokens = 2,
        EndedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    internal static async Task StageAsync(ServiceUnderTest service, UsageRecorded usage, bool commit)
    {
        await using var connection = await service.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Outbox.Outbox.StageAsync(connection, transaction, [usage], CancellationToken.None);
        if (commit) await transaction.CommitAsync();
        service.Services.GetRequiredService<OutboxSignal>().Poke();
    }

    private static async Task<long> StagedAsync(ServiceUnderTest service)
    {
        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("select count(*) from outbox_messages");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<int> AttemptsAsync(ServiceUnderTest service)
    {
        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("select max(attempts) from outbox_messages");
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }

    internal sealed class Inbox
    {
        public System.Collections.Concurrent.ConcurrentQueue<UsageRecorded> Messages { get; } = new();
    }

    internal sealed class PoisonedConsumer : IConsumer<UsageRecorded>
    {
        public Task Consume(ConsumeContext<UsageRecorded> context) => throw new FormatException("it makes no sense");
    }

    internal sealed class InboxConsumer(Inbox inbox) : IConsumer<UsageRecorded>
    {
        public Task Consume(ConsumeContext<UsageRecorded> context)
        {
            inbox.Messages.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}
