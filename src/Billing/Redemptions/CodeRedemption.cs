using Aigc2d.Billing.FinanceFeed;
using Aigc2d.Billing.Ledger;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Hashing;
using Aigc2d.ServiceDefaults.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Redemptions;

internal enum RedemptionOutcome
{
    Redeemed,
    Unknown,
    AlreadyYours,
    Used,
    Revoked,
    Expired,
    TooManyPoints,
    AccountSealed,
    TooManyFailures,
}

/// <summary>How a redemption ended: what was credited and the balance after it, or how long to wait.</summary>
internal sealed record Redemption(RedemptionOutcome Outcome, long Micropoints = 0, long BalanceMicropoints = 0, TimeSpan Wait = default);

/// <summary>An account's wish for a code.</summary>
internal sealed record Claim(Guid CodeId, Guid AccountId);

/// <summary>
/// Redeems codes. One conditional update decides who gets a code, the credit follows in the same transaction. What is refused is looked up
/// in one way for every text, so that neither the answer nor the work tells a code that exists from one that does not.
/// </summary>
internal sealed class CodeRedemption
{
    private const int Tries = 3;

    private readonly NpgsqlDataSource _db;
    private readonly Peppers _peppers;
    private readonly CodeLookUp _codes;
    private readonly FeedSignal _signal;
    private readonly Batcher<Claim, Redemption?> _claims;

    public CodeRedemption(NpgsqlDataSource db, Peppers peppers, CodeLookUp codes, FeedSignal signal)
    {
        (_db, _peppers, _codes, _signal) = (db, peppers, codes, signal);
        _claims = new(ClaimAsync, new BatcherOptions { InFlight = 1 }, splitOn: PostgresErrors.IsWorthSplitting);
    }

    public async Task<Redemption> RedeemAsync(Guid accountId, string typed, CancellationToken ct)
    {
        var hashes = _peppers.AllHashes(CodeText.Read(typed));
        for (var tried = 0; tried < Tries; tried++)
        {
            var seen = await _codes.FindAsync(hashes, accountId, ct);
            if (seen.Refusal is { } refusal) return await RefuseAsync(refusal, seen, accountId, ct);
            if (await _claims.SubmitAsync(new(seen.CodeId, accountId), CancellationToken.None) is { } redeemed) return redeemed;

            // Somebody else was faster, or the account was sealed in between: the next look tells.
        }

        throw new InvalidOperationException($"Code {(await _codes.FindAsync(hashes, accountId, ct)).CodeId} looks good but cannot be claimed.");
    }

    private async Task<Redemption> RefuseAsync(RedemptionOutcome refusal, SeenCode seen, Guid accountId, CancellationToken ct)
    {
        if (refusal == RedemptionOutcome.TooManyFailures) return new(refusal, Wait: seen.Wait);
        if (refusal is RedemptionOutcome.AccountSealed or RedemptionOutcome.AlreadyYours or RedemptionOutcome.TooManyPoints) return new(refusal);

        return await _codes.CountFailureAsync(accountId, ct) is { } wait ? new(RedemptionOutcome.TooManyFailures, Wait: wait) : new(refusal);
    }

    /// <summary>Decides a set of claims in one transaction, whatever was seen before it; null where the code was not to be had.</summary>
    public async Task<IReadOnlyList<Redemption?>> ClaimAsync(IReadOnlyList<Claim> claims)
    {
        // Of those who want one code at the same time, the first gets it.
        var firsts = claims.DistinctBy(claim => claim.CodeId).ToArray();
        await CustomerAccounts.OpenAsync(_db, firsts.Select(claim => claim.AccountId), CancellationToken.None);

        var won = new Dictionary<Guid, (Guid BatchId, long Micropoints)>();
        await using var unit = await LedgerUnit.BeginAsync(
            _db,
            firsts.Select(claim => claim.AccountId).Append(LedgerAccount.Issuance),
            CancellationToken.None,
            new LedgerRead(Take(firsts), row => won.Add(row.GetGuid(0), (row.GetGuid(1), row.GetInt64(2)))));
        if (won.Count == 0) return new Redemption?[claims.Count];

        var redeemed = firsts.Where(claim => won.ContainsKey(claim.CodeId)).ToDictionary(claim => claim, claim => Credit(unit, claim, won[claim.CodeId].BatchId, won[claim.CodeId].Micropoints));
        await unit.CommitAsync();
        _signal.Poke();

        // A claim that is asked twice in one batch is answered once.
        return [.. claims.Select(claim => redeemed.Remove(claim, out var credited) ? credited : null)];
    }

    private static Redemption Credit(LedgerUnit unit, Claim claim, Guid batchId, long micropoints)
    {
        unit.Move(new Movement("redemption", claim.CodeId.ToString(), claim.AccountId, LedgerAccount.Issuance, claim.AccountId, micropoints, claim.AccountId.ToString(), $"batch {batchId}"));

        var account = unit.Account(claim.AccountId)!;
        var sequence = account.NextFeedSequence();
        unit.Announce(FeedEvent.Of("billing.recharge.posted.v1", account, sequence, unit.Now, new
        {
            accountId = account.Id,
            accountSequence = sequence,
            transactionId = claim.CodeId,
            method = "redemption_code",
            batchId,
            amountMicropoints = micropoints,
            balanceMicropoints = account.BalanceMicropoints,
        }));
        return new(RedemptionOutcome.Redeemed, micropoints, account.BalanceMicropoints);
    }

    private static NpgsqlBatchCommand Take(Claim[] claims) => new(TakeCodes)
    {
        Parameters =
        {
            claims.Select(claim => claim.CodeId).ToParameter(NpgsqlDbType.Uuid),
            claims.Select(claim => claim.AccountId).ToParameter(NpgsqlDbType.Uuid),
        },
    };

    // Runs under the accounts' locks: a code that does not come back was not to be had.
    private const string TakeCodes = """
        update redemption_codes c set redeemed_by = n.account_id, redeemed_at = ledger_now()
        from unnest($1, $2) as n(code_id, account_id) join ledger_accounts a on a.id = n.account_id, redemption_batches b
        where c.id = n.code_id and b.id = c.batch_id and c.redeemed_by is null and c.revoked_at is null
            and b.state = 'active' and (b.expires_at is null or b.expires_at > ledger_now())
            and a.sealed_at is null and a.balance_micropoints + b.micropoints <= 9007199254740991
        returning c.id, b.id, b.micropoints
        """;
}
