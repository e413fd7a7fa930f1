using Aigc2d.Billing.Ledger;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Billing;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Holds;

/// <summary>Places holds in batches: locks the accounts once, decides every item against what the items before it left, writes once.</summary>
internal sealed class HoldPlacement
{
    /// <summary>A hold lives this long after it was placed or last renewed.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(90);

    /// <summary>A task's hold: the 15 minutes that a task may take, and 5 for a restart, because a task outlives the process that works on it.</summary>
    public static readonly TimeSpan TaskLife = TimeSpan.FromMinutes(20);

    private readonly NpgsqlDataSource _db;
    private readonly PriceList _prices;
    private readonly LedgerMetrics _metrics;
    private readonly int _ownKeyFeePpm;
    private readonly Batcher<PlaceHold, PlaceHoldResult> _batcher;

    public HoldPlacement(NpgsqlDataSource db, PriceList prices, LedgerMetrics metrics, IOptions<BillingOptions> options)
    {
        _db = db;
        _prices = prices;
        _metrics = metrics;
        _ownKeyFeePpm = options.Value.OwnKeyFeePpm;
        _batcher = new(PlaceAsync, new BatcherOptions { InFlight = 1 }, splitOn: PostgresErrors.IsWorthSplitting);
    }

    /// <summary>Places one hold with the next batch. Safe to repeat with the same request id.</summary>
    public Task<PlaceHoldResult> SubmitAsync(PlaceHold hold, CancellationToken ct) =>
        HoldRequest.IsValid(hold) ? _batcher.SubmitAsync(hold, ct) : Task.FromResult(new PlaceHoldResult { Outcome = HoldOutcome.Invalid });

    /// <summary>Decides and writes a set of valid holds in one transaction.</summary>
    public async Task<IReadOnlyList<PlaceHoldResult>> PlaceAsync(IReadOnlyList<PlaceHold> holds)
    {
        var known = new KnownHolds();
        await using var unit = await LedgerUnit.BeginAsync(_db, holds.Select(hold => hold.AccountId), CancellationToken.None, known.Reads(holds));
        var decisions = new HoldDecisions(unit, await _prices.AtAsync(unit.PriceVersion, CancellationToken.None), known, _ownKeyFeePpm);
        var results = holds.Select(decisions.Decide).ToArray();

        if (decisions.Placed.Count > 0) await unit.CommitAsync(batch => Add(batch, decisions));
        foreach (var result in results) _metrics.HoldDecided(result.Outcome);
        return results;
    }

    private static void Add(NpgsqlBatch batch, HoldDecisions decisions)
    {
        var placed = decisions.Placed;
        batch.BatchCommands.Add(new(InsertHolds)
        {
            Parameters =
            {
                placed.Select(h => h.RequestId).ToParameter(NpgsqlDbType.Uuid),
                placed.Select(h => h.AccountId).ToParameter(NpgsqlDbType.Uuid),
                placed.Select(h => h.KeyId).ToParameter(NpgsqlDbType.Uuid),
                placed.Select(h => h.Model).ToParameter(NpgsqlDbType.Text),
                placed.Select(h => h.PriceVersion).ToParameter(NpgsqlDbType.Bigint),
                placed.Select(h => h.MultiplierPpm).ToParameter(NpgsqlDbType.Integer),
                placed.Select(h => h.InputTokens).ToParameter(NpgsqlDbType.Integer),
                placed.Select(h => h.HeldOutputTokens).ToParameter(NpgsqlDbType.Integer),
                placed.Select(h => h.MostMicropoints).ToParameter(NpgsqlDbType.Bigint),
                placed.Select(h => h.GrantedMicropoints).ToParameter(NpgsqlDbType.Bigint),
                placed.Select(h => h.Fingerprint).ToParameter(NpgsqlDbType.Bytea),
                placed.Select(h => h.PlacedAt.UtcDateTime).ToParameter(NpgsqlDbType.TimestampTz),
                placed.Select(h => h.ExpiresAt.UtcDateTime).ToParameter(NpgsqlDbType.TimestampTz),
                placed.Select(h => h.Quantities).ToParameter(NpgsqlDbType.Jsonb),
                placed.Select(h => h.OwnKeyFeePpm).ToParameter(NpgsqlDbType.Integer),
            },
        });
        KeySpending.Add(batch, decisions.KeySpending);

        var keys = decisions.IdempotencyKeys;
        if (keys.Count == 0) return;

        batch.BatchCommands.Add(new(UpsertIdempotencyKeys)
        {
            Parameters =
            {
                keys.Select(k => k.AccountId).ToParameter(NpgsqlDbType.Uuid),
                keys.Select(k => k.KeyHash).ToParameter(NpgsqlDbType.Text),
                keys.Select(k => k.BodyHash).ToParameter(NpgsqlDbType.Text),
                keys.Select(k => k.RequestId).ToParameter(NpgsqlDbType.Uuid),
            },
        });
    }

    private const string InsertHolds = """
        insert into holds (request_id, account_id, key_id, model, price_version, multiplier_ppm, input_tokens, held_output_tokens,
            most_micropoints, granted_micropoints, state, fingerprint, placed_at, expires_at, quantities, own_key_fee_ppm)
        select r, a, k, m, v, p, i, o, most, granted, 'open', f, placed, expires, q, fee
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            as h(r, a, k, m, v, p, i, o, most, granted, f, placed, expires, q, fee)
        """;

    private const string UpsertIdempotencyKeys = """
        insert into idempotency_keys (account_id, key_hash, body_hash, request_id) select * from unnest($1, $2, $3, $4)
        on conflict (account_id, key_hash) do update set body_hash = excluded.body_hash, request_id = excluded.request_id, used_at = ledger_now()
        """;
}
