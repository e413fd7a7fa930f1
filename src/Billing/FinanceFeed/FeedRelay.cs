using System.Text;
using Aigc2d.ServiceDefaults.Messaging;
using Npgsql;
using RabbitMQ.Client;

namespace Aigc2d.Billing.FinanceFeed;

/// <summary>
/// Numbers the events and publishes them in that order on one channel with confirms. One process holds the advisory lock and does it. After a
/// fault it goes on from the cursor, so an event may come twice but never out of order and never not at all.
/// </summary>
internal sealed class FeedRelay(NpgsqlDataSource db, BrokerAddress broker, FeedSignal signal, TimeProvider time, ILogger<FeedRelay> logger) : BackgroundService
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

        await using var connection = await broker.ConnectionFactory("billing finance feed").CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        if (await connection.FindQueueAsync(FeedTopology.Queue, ct) is null) await RepublishAsync(locked, ct);
        await FeedTopology.DeclareAsync(channel, ct);

        var (confirmed, ahead) = (0L, 0L);
        while (true)
        {
            var (cursor, next) = await NextAsync(locked, confirmed, ahead, ct);
            if (next.Count == 0) await signal.WaitAsync(Poll, ct);
            else await PublishAsync(channel, next, ct);
            (confirmed, ahead) = (cursor, next.Count == 0 ? cursor : next[^1].Position);
            if (!channel.IsOpen) throw new InvalidOperationException("The channel to the broker was closed.");
        }
    }

    /// <summary>
    /// Moves the cursor past what was confirmed, numbers what is new and reads what comes next: one round trip and one commit, so that the feed costs a
    /// busy ledger little.
    /// </summary>
    /// <param name="connection">The one that holds the advisory lock.</param>
    /// <param name="from">Where the cursor was; when it is elsewhere by now, somebody has rewound it and it stays there.</param>
    /// <param name="to">The last position that was confirmed.</param>
    /// <param name="ct">Cancels the wait.</param>
    private static async Task<(long Cursor, List<CloudEvent> Next)> NextAsync(NpgsqlConnection connection, long from, long to, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (to > from) batch.BatchCommands.Add(new(MoveCursor) { Parameters = { new() { Value = to }, new() { Value = from } } });
        batch.BatchCommands.Add(new(AssignPositions));
        batch.BatchCommands.Add(new(ReadCursor));
        batch.BatchCommands.Add(new(CloudEvents.Unpublished) { Parameters = { new() { Value = BatchSize } } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var cursor = reader.GetInt64(0);
        await reader.NextResultAsync(ct);

        var next = new List<CloudEvent>();
        while (await reader.ReadAsync(ct)) next.Add(CloudEvents.Of(reader));
        return (cursor, next);
    }

    private static async Task PublishAsync(IChannel channel, List<CloudEvent> events, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(ConfirmTimeout);
        await Task.WhenAll(events.Select(@event => channel.BasicPublishAsync(
            FeedTopology.Exchange, @event.Type, mandatory: true, Properties(@event), Encoding.UTF8.GetBytes(@event.Json), patience.Token).AsTask()));
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
        await using var command = new NpgsqlCommand(ReadCursor, connection);
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

    private const string ReadCursor = "select published_position from billing_feed_cursor";

    // A cursor that was rewound meanwhile stays rewound.
    private const string MoveCursor = "update billing_feed_cursor set published_position = $1 where published_position = $2";

    private const string Rewind = "update billing_feed_cursor set published_position = greatest(0, published_position - $1) returning published_position";
}
