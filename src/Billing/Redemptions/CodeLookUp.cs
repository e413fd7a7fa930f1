using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Redemptions;

/// <summary>What there is to a presented code at this moment: why it cannot be redeemed by this account, or null and the code's id.</summary>
internal sealed record SeenCode(RedemptionOutcome? Refusal, Guid CodeId, TimeSpan Wait);

/// <summary>Looks codes up by their hash, and counts those that did not work: ten per account and hour, in the database, for all processes together.</summary>
internal sealed class CodeLookUp(NpgsqlDataSource db)
{
    private const int MostFailures = 10;

    /// <summary>The same single query whether there is such a code or not.</summary>
    public async Task<SeenCode> FindAsync(byte[][] hashes, Guid accountId, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Find);
        command.Parameters.Add(new() { Value = hashes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = accountId });
        command.Parameters.Add(new() { Value = MostFailures });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(RefusalOf(reader.GetString(0)), reader.IsDBNull(1) ? default : reader.GetGuid(1), reader.IsDBNull(2) ? default : reader.GetTimeSpan(2));
    }

    /// <summary>Counts a code that did not work. From the eleventh on the account learns nothing but how long to wait.</summary>
    public async Task<TimeSpan?> CountFailureAsync(Guid accountId, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Count);
        command.Parameters.Add(new() { Value = accountId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetInt32(0) > MostFailures ? reader.GetTimeSpan(1) : null;
    }

    private static RedemptionOutcome? RefusalOf(string seen) => seen switch
    {
        "good" => null,
        "account sealed" => RedemptionOutcome.AccountSealed,
        "too many failures" => RedemptionOutcome.TooManyFailures,
        "unknown" => RedemptionOutcome.Unknown,
        "yours" => RedemptionOutcome.AlreadyYours,
        "used" => RedemptionOutcome.Used,
        "revoked" => RedemptionOutcome.Revoked,
        "expired" => RedemptionOutcome.Expired,
        "too many points" => RedemptionOutcome.TooManyPoints,
        _ => throw new ArgumentOutOfRangeException(nameof(seen), seen, "Unknown answer."),
    };

    // Codes of a batch that waits for its second person are not there yet.
    private const string Find = """
        select case
                when a.sealed_at is not null then 'account sealed'
                when f.failures >= $3 then 'too many failures'
                when c.redeemed_by = $2 then 'yours'
                when c.redeemed_by is not null then 'used'
                when c.revoked_at is not null then 'revoked'
                when b.id is null then 'unknown'
                when b.expires_at <= ledger_now() then 'expired'
                when coalesce(a.balance_micropoints, 0) + b.micropoints > 9007199254740991 then 'too many points'
                else 'good'
            end, c.id, f.since + interval '1 hour' - ledger_now()
        from (values (1)) as one
        left join redemption_codes c on c.hash = any($1)
        left join redemption_batches b on b.id = c.batch_id and b.state <> 'pending'
        left join ledger_accounts a on a.id = $2
        left join redemption_failures f on f.account_id = $2 and f.since > ledger_now() - interval '1 hour'
        limit 1
        """;

    private const string Count = """
        insert into redemption_failures as f (account_id, since, failures) values ($1, ledger_now(), 1)
        on conflict (account_id) do update set
            failures = case when f.since > ledger_now() - interval '1 hour' then f.failures + 1 else 1 end,
            since = case when f.since > ledger_now() - interval '1 hour' then f.since else ledger_now() end
        returning failures, since + interval '1 hour' - ledger_now()
        """;
}
