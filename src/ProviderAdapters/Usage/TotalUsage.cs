using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Outbox;
using Aigc2d.ServiceDefaults.Postgres;
using Npgsql;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>Sums the usage of each channel and day once an hour and announces the sums that have changed, for the reconciliation with the ledger.</summary>
internal sealed class TotalUsage(
    [FromKeyedServices(PostgresExtensions.Maintenance)] NpgsqlDataSource maintenance, OutboxSignal outbox, TimeProvider time, ILogger<TotalUsage> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TotalAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Usage could not be totalled and is tried again in an hour: {Reason}", exception.Message);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Announces what has changed and answers how many sums that were. Safe to run in several processes at once.</summary>
    public async Task<int> TotalAsync(CancellationToken ct)
    {
        await using var connection = await maintenance.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var changed = new List<UsageTotalled>();
        await using (var command = new NpgsqlCommand(Sum, connection, transaction))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) changed.Add(Of(reader));
        }

        await Outbox.StageAsync(connection, transaction, changed, ct);
        await transaction.CommitAsync(ct);
        if (changed.Count > 0) outbox.Poke();
        return changed.Count;
    }

    private static UsageTotalled Of(NpgsqlDataReader row) => new()
    {
        ChannelId = row.GetGuid(0),
        Day = row.GetFieldValue<DateOnly>(1),
        Revision = row.GetInt64(2),
        Requests = row.GetInt64(3),
        InputTokens = row.GetInt64(4),
        OutputTokens = row.GetInt64(5),
        CachedInputTokens = row.GetInt64(6),
    };

    // What went over customers' own keys is on no bill of ours. From the last day that was told, and at least two days back: a call that began before midnight ends after it.
    private const string Sum = """
        insert into usage_totals as t (channel_id, day, revision, requests, input_tokens, output_tokens, cached_input_tokens)
        select channel_id, day_of(request_id), 1, count(*), sum(input_tokens), sum(output_tokens), sum(cached_input_tokens)
        from usage_records
        where channel_id is not null and not own_key and request_id < first_id_of(now() + interval '1 day') and request_id >= first_id_of(
            coalesce(least((select max(day) from usage_totals), (now() at time zone 'utc')::date - 2), '1970-01-01')::timestamp at time zone 'utc')
        group by 1, 2 order by 1, 2
        on conflict (channel_id, day) do update set
            revision = t.revision + 1,
            requests = excluded.requests,
            input_tokens = excluded.input_tokens,
            output_tokens = excluded.output_tokens,
            cached_input_tokens = excluded.cached_input_tokens
        where (t.requests, t.input_tokens, t.output_tokens, t.cached_input_tokens) is distinct from
            (excluded.requests, excluded.input_tokens, excluded.output_tokens, excluded.cached_input_tokens)
        returning channel_id, day, revision, requests, input_tokens, output_tokens, cached_input_tokens
        """;
}
