using Aigc2d.Billing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Holds;

/// <summary>Marks request ids that have ended before their hold came: the hold is refused when it comes.</summary>
internal static class Tombstones
{
    public static void Add(NpgsqlBatch batch, IReadOnlyCollection<(Guid RequestId, Guid AccountId, string Reason)> ended)
    {
        if (ended.Count == 0) return;

        batch.BatchCommands.Add(new(Insert)
        {
            Parameters =
            {
                ended.Select(e => e.RequestId).ToParameter(NpgsqlDbType.Uuid),
                ended.Select(e => e.AccountId).ToParameter(NpgsqlDbType.Uuid),
                ended.Select(e => e.Reason).ToParameter(NpgsqlDbType.Text),
            },
        });
    }

    private const string Insert = """
        insert into holds (request_id, account_id, key_id, model, multiplier_ppm, input_tokens, held_output_tokens, most_micropoints, granted_micropoints,
            state, close_reason, fingerprint, expires_at, closed_at)
        select r, a, '00000000-0000-0000-0000-000000000000', '', 0, 0, 0, 0, 0, 'released', reason, '', ledger_now(), ledger_now()
        from unnest($1, $2, $3) as t(r, a, reason)
        on conflict (request_id) do nothing
        """;
}
