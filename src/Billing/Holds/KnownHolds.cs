using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts.Billing;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Holds;

/// <summary>What the database already knows about a batch of holds, read after the accounts were locked.</summary>
internal sealed class KnownHolds
{
    /// <summary>Holds by request id: those of the batch, and those that its idempotency keys point at.</summary>
    public Dictionary<Guid, HoldRow> Holds { get; } = [];

    /// <summary>Idempotency keys that are younger than 24 hours.</summary>
    public Dictionary<(Guid AccountId, string KeyHash), (string BodyHash, Guid RequestId)> IdempotencyKeys { get; } = [];

    /// <summary>What the keys with a cap have spent on the UTC day of the row.</summary>
    public Dictionary<Guid, (DateOnly Day, long Micropoints)> KeySpending { get; } = [];

    public LedgerRead[] Reads(IReadOnlyList<PlaceHold> holds)
    {
        var withKey = holds.Where(hold => hold.IdempotencyKeyHash is not null).ToArray();
        return
        [
            new(
                new($"select {HoldRow.Columns} from holds where request_id = any($1)") { Parameters = { holds.Select(hold => hold.RequestId).ToParameter(NpgsqlDbType.Uuid) } },
                row => Remember(HoldRow.Of(row))),
            new(
                new(ReadKeySpending) { Parameters = { holds.Select(hold => hold.KeyId).Distinct().ToParameter(NpgsqlDbType.Uuid) } },
                row => KeySpending.Add(row.GetGuid(0), (row.GetFieldValue<DateOnly>(1), row.GetInt64(2)))),
            .. withKey.Length == 0
                ? []
                : new LedgerRead[]
                {
                    new(
                        new(ReadIdempotencyKeys) { Parameters = { Accounts(), KeyHashes() } },
                        row => IdempotencyKeys[(row.GetGuid(0), row.GetString(1))] = (row.GetString(2), row.GetGuid(3))),
                    new(
                        new(ReadFirstHolds) { Parameters = { Accounts(), KeyHashes() } },
                        row => Remember(HoldRow.Of(row))),
                },
        ];

        NpgsqlParameter Accounts() => withKey.Select(hold => hold.AccountId).ToParameter(NpgsqlDbType.Uuid);
        NpgsqlParameter KeyHashes() => withKey.Select(hold => hold.IdempotencyKeyHash!).ToParameter(NpgsqlDbType.Text);
    }

    private void Remember(HoldRow hold) => Holds[hold.RequestId] = hold;

    private const string ReadKeySpending = "select key_id, day, spend_micropoints from key_spending where key_id = any($1)";

    private const string ReadIdempotencyKeys = """
        select account_id, key_hash, body_hash, request_id from idempotency_keys
        where (account_id, key_hash) in (select * from unnest($1, $2)) and used_at > ledger_now() - interval '24 hours'
        """;

    private const string ReadFirstHolds = $"""
        select {HoldRow.Columns} from holds
        where request_id in (select request_id from idempotency_keys where (account_id, key_hash) in (select * from unnest($1, $2)))
        """;
}
