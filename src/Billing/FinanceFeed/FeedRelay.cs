using System.Text;
using Aigc2d.ServiceDefaults.Messaging;
using Npgsql;
using RabbitMQ.Client;

namespace Aigc2d.Billing.FinanceFeed;

/// <summary>
/// Numbers the events and publishes them in that order on one channel with confirms. One process holds the advisory lock and does it. After a
/// fault it goes on from the cursor, so an event may come twice but never out of order and never not at all.
/// </summary>
internal sealed class FeedRelay(NpgsqlDataSource db, BrokerAddress broker, CloudEvents events, FeedSignal signal, TimeProvider time, ILogger<FeedRelay> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private const long RepublishedAtMost = 1_000_000;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await db.OpenConnectionAsync(stoppingToken);
                if (await TryLockAsync(connection, stoppingToken)) await PublishUntilFaultAsync(connection, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("The finance feed is interrupted and goes on from its cursor: {Reason}", exception.Message);
            }

            await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PublishUntilFaultAsync(NpgsqlConnection locked, CancellationToken ct)
    {
        try
        {
            await PublishAllAsync(locked, ct);
        }
        finally
        {
            // The pool does not reset sessions: a lock that is not given back would stay with the idle connection.
            if (locked.State == System.Data.ConnectionState.Open) await ExecuteAsync(locked, "select pg_advisory_unlock(7021)", CancellationToken.None);
        }
    }

    private async Task PublishAllAsync(NpgsqlConnection locked, CancellationToken ct)
    {
        // The replay needs no broker: what happens while it is away is numbered all the same, at each try to reach it.
        while (await ExecuteAsync(locked, AssignPositions, ct) == BatchSize)
        {
        }

        await using var connection = await FeedTopology.Factory(broker).CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        if (!await FeedTopology.QueueExistsAsync(connection, ct)) await RepublishAsync(locked, ct);
        await FeedTopology.DeclareAsync(channel, ct);

        while (true)
        {
            var numbered = await ExecuteAsync(locked, AssignPositions, ct);
            var published = await PublishAsync(channel, locked, ct);
            if (numbered < BatchSize && published < BatchSize) await signal.WaitAsync(Poll, ct);
            if (!channel.IsOpen) throw new InvalidOperationException("The channel to the broker was closed.");
        }
    }

    private async Task<int> PublishAsync(IChannel channel, NpgsqlConnection connection, CancellationToken ct)
    {
        var confirms = new List<Task>();
        var cursor = await CursorAsync(connection, ct);
        var last = cursor;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(ConfirmTimeout);
        await foreach (var @event in events.ReadAfterAsync(cursor, BatchSize, ct))
        {
            confirms.Add(channel.BasicPublishAsync(FeedTopology.Exchange, @event.Type, mandatory: true, Properties(@event), Encoding.UTF8.GetBytes(@event.Json), patience.Token).AsTask());
            last = @event.Position;
        }

        if (confirms.Count == 0) return 0;

        await Task.WhenAll(confirms);
        await using var move = new NpgsqlCommand(MoveCursor, connection) { Parameters = { new() { Value = last }, new() { Value = cursor } } };
        await move.ExecuteNonQueryAsync(CancellationToken.None);
        return confirms.Count;
    }

    /// <summary>
    /// A queue that is gone took with it what finance had not read. Nobody knows how much that was, and finance ignores what it has: so the newest
    /// million is published again, before the queue is declared, so that a crash in between repeats it.
    /// </summary>
    private async Task RepublishAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var published = await CursorAsync(connection, ct);
        if (published == 0) return;

        await using var command = new NpgsqlCommand(Rewind, connection) { Parameters = { new() { Value = RepublishedAtMost } } };
        var from = (long)(await command.ExecuteScalarAsync(ct))!;
        logger.LogError("The queue {Queue} had published events and is gone: those after position {From} are published again up to {Published}", FeedTopology.Queue, from, published);
    }

    private static BasicProperties Properties(CloudEvent @event) => new()
    {
        ContentType = "application/cloudevents+json",
        DeliveryMode = DeliveryModes.Persistent,
        MessageId = @event.Id.ToString(),
        Type = @event.Type,
    };

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(7021)", connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<long> CursorAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select published_position from billing_feed_cursor", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(ct);
    }

    // Only the holder of the advisory lock numbers, so max + row number has no rival.
    private const string AssignPositions = """
        with taken as (
            delete from billing_event_queue where seq = any(array(select seq from billing_event_queue order by seq limit 500)) returning seq
        )
        insert into billing_event_positions (position, seq)
        select (select coalesce(max(position), 0) from billing_event_positions) + row_number() over (order by seq), seq from taken
        """;

    // A cursor that was rewound meanwhile stays rewound.
    private const string MoveCursor = "update billing_feed_cursor set published_position = $1 where published_position = $2";

    private const string Rewind = "update billing_feed_cursor set published_position = greatest(0, published_position - $1) returning published_position";
}
