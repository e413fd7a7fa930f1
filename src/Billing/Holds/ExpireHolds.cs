using Aigc2d.Billing.Ledger;
using Npgsql;

namespace Aigc2d.Billing.Holds;

/// <summary>
/// Ends holds that nobody has renewed for 90 s: their call died with its process. After a start it waits as long as a hold lives, because
/// renewals could not arrive while Billing was away.
/// </summary>
internal sealed class ExpireHolds(NpgsqlDataSource db, TimeProvider time, LedgerMetrics metrics, ILogger<ExpireHolds> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reclaimsFrom = time.GetUtcNow() + HoldPlacement.Life;
        var isAnnounced = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isAnnounced) await AnnounceStartAsync(stoppingToken);
                isAnnounced = true;
                if (time.GetUtcNow() >= reclaimsFrom) await SweepAllAsync(stoppingToken);
                await ForgetOldKeysAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Expired holds could not be swept and are tried again: {Reason}", exception.Message);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task SweepAllAsync(CancellationToken ct)
    {
        while (await SweepAsync(ct) == BatchSize)
        {
        }
    }

    /// <summary>Expires up to 500 holds and answers how many were looked at.</summary>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var due = await DueAsync(ct);
        if (due.Count == 0) return 0;

        var holds = new Dictionary<Guid, HoldRow>();
        await using var unit = await LedgerUnit.BeginAsync(db, due.Select(hold => hold.AccountId), ct, ClosedHolds.ReadLocked(due.Select(hold => hold.RequestId), holds));
        var closed = new ClosedHolds(unit);
        foreach (var hold in holds.Values.Where(hold => hold.IsOpen && hold.ExpiresAt <= unit.Now)) closed.Close(hold, "expired", "not_renewed", 0);

        if (closed.Count > 0) await unit.CommitAsync(closed.Add);
        metrics.HoldsExpired(closed.Count);
        return due.Count;
    }

    private async Task AnnounceStartAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand(Announce);
        command.Parameters.Add(new() { Value = HoldPlacement.Life });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task ForgetOldKeysAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand("delete from idempotency_keys where used_at < ledger_now() - interval '24 hours'");
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<List<(Guid RequestId, Guid AccountId)>> DueAsync(CancellationToken ct)
    {
        var due = new List<(Guid, Guid)>();
        await using var command = db.CreateCommand(Due);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) due.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return due;
    }

    private const string Announce = """
        insert into sweeper (reclaims_from) values (ledger_now() + $1) on conflict (singleton) do update set reclaims_from = excluded.reclaims_from
        """;

    private const string Due = "select request_id, account_id from holds where state = 'open' and expires_at <= ledger_now() order by expires_at limit 500";
}
