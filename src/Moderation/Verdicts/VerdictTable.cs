using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Moderation.Verdicts;

/// <summary>Writes verdicts, and the violations that follow from them, in one statement. Repeating a write changes nothing.</summary>
internal sealed class VerdictTable(NpgsqlDataSource db)
{
    public async Task WriteAsync(IReadOnlyList<VerdictRow> rows)
    {
        await using var command = db.CreateCommand(Insert);
        void Add<T>(NpgsqlDbType type, Func<VerdictRow, T> column) =>
            command.Parameters.Add(new() { Value = rows.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });

        Add(NpgsqlDbType.Uuid, r => r.RequestId);
        Add(NpgsqlDbType.Text, r => Name(r.Stage));
        Add(NpgsqlDbType.Uuid, r => r.AccountId);
        Add(NpgsqlDbType.Text, r => r.Category);
        Add(NpgsqlDbType.Text, r => r.Severity);
        Add(NpgsqlDbType.Text, r => string.Join(' ', r.RuleIds));
        Add(NpgsqlDbType.Text, r => r.Offsets);
        Add(NpgsqlDbType.Text, r => r.ContentHash);
        Add(NpgsqlDbType.Text, r => r.RuleSet);
        Add(NpgsqlDbType.Boolean, r => r.Strike);
        Add(NpgsqlDbType.TimestampTz, r => r.DecidedAt.ToUniversalTime());
        Add(NpgsqlDbType.Text, r => Name(r.Action));
        Add(NpgsqlDbType.Text, r => r.Scores is null ? null : $"{{{string.Join(',', r.Scores.Select(score => score.ToString(CultureInfo.InvariantCulture)))}}}");
        Add(NpgsqlDbType.Real, r => r.Unsafe);
        Add(NpgsqlDbType.Text, r => r.ModelVersion);
        Add(NpgsqlDbType.Bigint, r => r.PolicyVersion);
        Add(NpgsqlDbType.Text, r => r.Language);
        Add(NpgsqlDbType.Text, r => Name(r.Strictness));
        Add(NpgsqlDbType.Text, r => r.EndUserHash);
        await command.ExecuteNonQueryAsync();
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    // Arrays of arrays have one length for all, so lists travel as text. Strikes go in by account and text, the order in which their trigger takes its locks.
    private const string Insert = """
        with decided as (
            insert into verdicts (request_id, stage, account_id, category, severity, rule_ids, offsets, content_hash, rule_set, strike, decided_at,
                action, scores, unsafe, model_version, policy_version, language, strictness, end_user_hash)
            select request_id, stage, account_id, category, severity, string_to_array(rule_ids, ' '), offsets::jsonb, content_hash, rule_set, strike, decided_at,
                action, scores::real[], unsafe, model_version, policy_version, language, strictness, end_user_hash
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                as v(request_id, stage, account_id, category, severity, rule_ids, offsets, content_hash, rule_set, strike, decided_at,
                    action, scores, unsafe, model_version, policy_version, language, strictness, end_user_hash)
            on conflict (request_id, stage, action) do nothing
            returning request_id, account_id, category, severity, content_hash, strike, decided_at, end_user_hash
        )
        insert into violations (request_id, account_id, category, severity, content_hash, occurred_at, end_user_hash)
        select request_id, account_id, category, severity, content_hash, decided_at, end_user_hash from decided where strike
        order by account_id, content_hash, decided_at
        """;
}
