using Aigc2d.Contracts.Moderation;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Moderation.Verdicts;

/// <summary>Writes blocks, and the violations that follow from them, in one statement. Repeating a write changes nothing.</summary>
internal sealed class VerdictTable(NpgsqlDataSource db)
{
    public async Task WriteAsync(IReadOnlyList<VerdictRow> rows)
    {
        await using var command = db.CreateCommand(Insert);
        void Add<T>(NpgsqlDbType type, Func<VerdictRow, T> column) =>
            command.Parameters.Add(new() { Value = rows.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });

        Add(NpgsqlDbType.Uuid, r => r.RequestId);
        Add(NpgsqlDbType.Text, r => r.Stage == ScreeningStage.Prompt ? "prompt" : "output");
        Add(NpgsqlDbType.Uuid, r => r.AccountId);
        Add(NpgsqlDbType.Text, r => r.Category);
        Add(NpgsqlDbType.Text, r => r.Severity);
        Add(NpgsqlDbType.Text, r => string.Join(' ', r.RuleIds));
        Add(NpgsqlDbType.Text, r => r.Offsets);
        Add(NpgsqlDbType.Text, r => r.ContentHash);
        Add(NpgsqlDbType.Text, r => r.RuleSet);
        Add(NpgsqlDbType.Boolean, r => r.Strike);
        Add(NpgsqlDbType.TimestampTz, r => r.DecidedAt.ToUniversalTime());
        await command.ExecuteNonQueryAsync();
    }

    private const string Insert = """
        with decided as (
            insert into verdicts (request_id, stage, account_id, category, severity, rule_ids, offsets, content_hash, rule_set, strike, decided_at)
            select request_id, stage, account_id, category, severity, string_to_array(rule_ids, ' '), offsets::jsonb, content_hash, rule_set, strike, decided_at
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                as v(request_id, stage, account_id, category, severity, rule_ids, offsets, content_hash, rule_set, strike, decided_at)
            on conflict (request_id, stage) do nothing
            returning request_id, account_id, category, severity, content_hash, strike, decided_at
        )
        insert into violations (request_id, account_id, category, severity, content_hash, occurred_at)
        select request_id, account_id, category, severity, content_hash, decided_at from decided where strike
        """;
}
