using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Ledger;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Settlements;

/// <summary>Settles ended calls in batches: each request once for ever, charge and announcement in one transaction.</summary>
internal sealed class Settlement
{
    private readonly NpgsqlDataSource _db;
    private readonly PriceList _prices;
    private readonly FeedSignal _signal;
    private readonly LedgerMetrics _metrics;
    private readonly ILogger<Settlement> _logger;
    private readonly Batcher<UsageRecorded, Charge?> _batcher;

    public Settlement(NpgsqlDataSource db, PriceList prices, FeedSignal signal, LedgerMetrics metrics, ILogger<Settlement> logger)
    {
        _db = db;
        _prices = prices;
        _signal = signal;
        _metrics = metrics;
        _logger = logger;
        _batcher = new(SettleAsync, new BatcherOptions { InFlight = 1 }, splitOn: PostgresErrors.IsWorthSplitting);
    }

    /// <summary>The charge, or null when the request was settled before.</summary>
    public Task<Charge?> SubmitAsync(UsageRecorded usage) => _batcher.SubmitAsync(usage);

    public async Task<IReadOnlyList<Charge?>> SettleAsync(IReadOnlyList<UsageRecorded> usages)
    {
        var holds = new Dictionary<Guid, HoldRow>();
        var settled = new HashSet<Guid>();
        var requestIds = usages.Select(usage => usage.RequestId).ToArray();
        await using var unit = await LedgerUnit.BeginAsync(
            _db,
            usages.Select(usage => usage.AccountId).Append(LedgerAccount.Revenue),
            CancellationToken.None,
            ClosedHolds.Read(requestIds, holds),
            new LedgerRead(
                // The range lets a prepared plan leave out the months it does not touch, which the list alone cannot.
                new("select request_id from settlements where request_id = any($1) and request_id between $2 and $3")
                {
                    Parameters = { requestIds.ToParameter(NpgsqlDbType.Uuid), new() { Value = requestIds.Min() }, new() { Value = requestIds.Max() } },
                },
                row => settled.Add(row.GetGuid(0))));
        var prices = await _prices.AtAsync(unit.PriceVersion, CancellationToken.None);

        var closed = new ClosedHolds(unit);
        var rows = new List<(UsageRecorded Usage, Quantities Used, HoldRow? Hold, Charge Charge)>();
        var charges = new Charge?[usages.Count];
        for (var i = 0; i < usages.Count; i++)
        {
            var usage = usages[i];
            if (!settled.Add(usage.RequestId)) continue;

            var hold = HoldOf(usage, holds);
            var price = PriceOf(hold, prices);
            var used = Quantities.Of(usage, hold, price);
            var charge = Charge.For(usage, used, hold, price, unit.Account(usage.AccountId)?.AvailableMicropoints ?? 0);
            if (hold is not null) End(closed, usage, hold, charge);
            if (charge.ChargedMicropoints > 0) Post(unit, usage, used, hold!, price!, charge);
            rows.Add((usage, used, hold, charge));
            charges[i] = charge;
        }

        if (rows.Count > 0)
        {
            await unit.CommitAsync(batch =>
            {
                closed.Add(batch);
                SettlementRows.Add(batch, rows);
                Tombstones.Add(batch, [.. rows.Where(row => !holds.ContainsKey(row.Usage.RequestId)).Select(row => (row.Usage.RequestId, row.Usage.AccountId, EndCauses.NameOf(row.Usage.EndCause)))]);
            });
            _signal.Poke();
        }

        foreach (var (usage, _, _, charge) in rows) Report(usage, charge);
        return charges;
    }

    /// <summary>A hold of another account is not this request's hold: the usage then stands alone and is charged to nobody.</summary>
    private static HoldRow? HoldOf(UsageRecorded usage, Dictionary<Guid, HoldRow> holds) =>
        holds.TryGetValue(usage.RequestId, out var hold) && hold.AccountId == usage.AccountId ? hold : null;

    private static Price? PriceOf(HoldRow? hold, PriceList.Snapshot prices) =>
        hold?.PriceVersion is { } version ? prices.Pinned(hold.Model, version) ?? throw new InvalidOperationException($"Hold {hold.RequestId} has pinned price version {version}, which is missing.") : null;

    private static void End(ClosedHolds closed, UsageRecorded usage, HoldRow hold, Charge charge)
    {
        var withinHold = 0L;
        if (hold.IsOpen)
        {
            withinHold = Math.Min(charge.ChargedMicropoints, hold.GrantedMicropoints);
            closed.Close(hold, charge.Rule == "free" ? "released" : "settled", EndCauses.NameOf(usage.EndCause), withinHold);
        }

        if (charge.ChargedMicropoints > withinHold) closed.Respend(hold, charge.ChargedMicropoints - withinHold);
    }

    private static void Post(LedgerUnit unit, UsageRecorded usage, Quantities used, HoldRow hold, Price price, Charge charge)
    {
        var movement = new Movement(
            "charge", usage.RequestId.ToString(), usage.AccountId, usage.AccountId, LedgerAccount.Revenue, charge.ChargedMicropoints, "provider-adapters", charge.Rule, price.Version);
        var account = unit.Move(movement);
        // The event bears the id of the movement, so that the one is found by the other.
        unit.Announce(ChargedEvent.Of(unit, account, usage, used, hold, price, charge) with { Id = movement.Id });
    }

    private void Report(UsageRecorded usage, Charge charge)
    {
        _metrics.Settled(usage.EndCause, charge);
        if (charge.Rule is "no_hold")
            _logger.LogError("Usage of request {RequestId} has no hold: nothing could be charged", usage.RequestId);
        else if (charge.ChargedMicropoints < charge.PriceMicropoints)
            _logger.LogWarning("Request {RequestId} cost {Price} micropoints, {Charged} were charged by rule {Rule}", usage.RequestId, charge.PriceMicropoints, charge.ChargedMicropoints, charge.Rule);
    }
}
