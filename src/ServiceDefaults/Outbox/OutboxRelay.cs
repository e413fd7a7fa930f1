using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics.Metrics;
using System.Reflection;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ServiceDefaults.Outbox;

/// <summary>
/// Sends what transactions have staged, at least once and in batches; a message that could not be sent is tried again later without holding up
/// the others. Several processes may relay from one table.
/// </summary>
internal sealed class OutboxRelay : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentDictionary<string, (Type? Type, bool Broadcast)> Types = new(StringComparer.Ordinal);

    private readonly NpgsqlDataSource _db;
    private readonly LiveBus _bus;
    private readonly BusWatch _watch;
    private readonly OutboxSignal _signal;
    private readonly ILogger<OutboxRelay> _logger;
    private double _lagSeconds;

    public OutboxRelay(NpgsqlDataSource db, LiveBus bus, BusWatch watch, OutboxSignal signal, IMeterFactory meters, ILogger<OutboxRelay> logger)
    {
        _db = db;
        _bus = bus;
        _watch = watch;
        _signal = signal;
        _logger = logger;
        meters.Create("Aigc2d.Outbox").CreateObservableGauge("aigc2d.outbox.lag", () => Volatile.Read(ref _lagSeconds), "s", "Age of the oldest message that is not sent yet.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await RelayAsync(stoppingToken) == BatchSize) continue;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                _logger.LogWarning("The outbox could not be relayed and is tried again: {Reason}", exception.Message);
                await Task.Delay(Poll, stoppingToken);
            }

            await _signal.WaitAsync(Poll, stoppingToken);
        }
    }

    private async Task<int> RelayAsync(CancellationToken ct)
    {
        await using var connection = await _db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        var staged = await ClaimAsync(connection, ct);
        Volatile.Write(ref _lagSeconds, staged.Count == 0 ? 0 : staged.Max(m => m.AgeSeconds));
        if (staged.Count == 0) return 0;

        var sent = await Task.WhenAll(staged.Select(message => TrySendAsync(message, ct)));
        await ExecuteAsync(connection, Delete, [.. staged.Where((_, i) => sent[i]).Select(m => m.Id)], ct);
        await ExecuteAsync(connection, Postpone, [.. staged.Where((_, i) => !sent[i]).Select(m => m.Id)], ct);
        await transaction.CommitAsync(ct);
        return staged.Count;
    }

    private static async Task<List<Staged>> ClaimAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var staged = new List<Staged>();
        await using var command = new NpgsqlCommand(Claim, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            staged.Add(new(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetDouble(5)));
        return staged;
    }

    private async Task<bool> TrySendAsync(Staged staged, CancellationToken ct)
    {
        var (type, broadcast) = Types.GetOrAdd(staged.Type, static name =>
            typeof(BroadcastAttribute).Assembly.GetType(name) is { } type ? (type, type.GetCustomAttribute<BroadcastAttribute>() is not null) : (null, false));
        if (type is null)
        {
            _logger.LogError("Outbox message {Id} has the unknown type {Type} and stays", staged.Id, staged.Type);
            return false;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(SendTimeout);
        try
        {
            await _bus.Current.Publish(Outbox.Deserialize(staged.Body, type), type, Pipe.Execute<PublishContext>(context =>
            {
                context.MessageId = staged.MessageId;
                if (staged.TraceParent is not null) context.Headers.Set("MT-Activity-Id", staged.TraceParent);
                // A message that no queue takes would be confirmed and dropped; mandatory makes it come back and stay here.
                if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = !broadcast;
            }), timeout.Token).WaitAsync(timeout.Token);
            _watch.SendingFails = false;
            return true;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            if (exception is not MessageReturnedException) _watch.SendingFails = true;
            _logger.LogWarning("Outbox message {Id} of type {Type} was not sent: {Reason}", staged.Id, staged.Type, exception.Message);
            return false;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, long[] ids, CancellationToken ct)
    {
        if (ids.Length == 0) return;

        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record Staged(long Id, Guid MessageId, string Type, string Body, string? TraceParent, double AgeSeconds);

    private const string Claim = """
        select id, message_id, message_type, body::text, trace_parent, extract(epoch from now() - created_at)::float8
        from outbox_messages where next_attempt_at <= now()
        order by id limit 500 for update skip locked
        """;

    private const string Delete = "delete from outbox_messages where id = any($1)";

    private const string Postpone = """
        update outbox_messages set attempts = attempts + 1, next_attempt_at = now() + least(attempts + 1, 10) * interval '1 second'
        where id = any($1)
        """;
}

/// <summary>Adds the outbox to a service that has a database and messaging.</summary>
public static class OutboxExtensions
{
    public static void AddOutbox(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OutboxSignal>();
        builder.Services.AddHostedService<OutboxRelay>();
    }
}
