using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Moderation.Tallies;

/// <summary>Adds counts to those of the database.</summary>
internal sealed class TallyTable(NpgsqlDataSource db)
{
    public async Task AddAsync(IReadOnlyCollection<KeyValuePair<TallyCell, long>> counts, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Upsert);
        void Add<T>(NpgsqlDbType type, Func<TallyCell, T> column) =>
            command.Parameters.Add(new() { Value = counts.Select(count => column(count.Key)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });

        Add(NpgsqlDbType.TimestampTz, cell => cell.Hour.UtcDateTime);
        Add(NpgsqlDbType.Text, cell => Name(cell.Stage));
        Add(NpgsqlDbType.Text, cell => cell.Category);
        Add(NpgsqlDbType.Text, cell => TallyCell.NameOf(cell.Language));
        Add(NpgsqlDbType.Text, cell => Name(cell.Strictness));
        Add(NpgsqlDbType.Boolean, cell => cell.IsRuleHit);
        Add(NpgsqlDbType.Smallint, cell => (short)cell.Bucket);
        Add(NpgsqlDbType.Smallint, cell => (short)cell.AnyBucket);
        command.Parameters.Add(new() { Value = counts.Select(count => count.Value).ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    // In one order, so that processes that write at once wait for each other and never cross.
    private const string Upsert = """
        insert into score_counts (hour, stage, category, language, strictness, rule_hit, bucket, any_bucket, count)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as c(hour, stage, category, language, strictness, rule_hit, bucket, any_bucket, count)
        order by hour, stage, category, language, strictness, rule_hit, bucket, any_bucket
        on conflict (hour, stage, category, language, strictness, rule_hit, bucket, any_bucket) do update set count = score_counts.count + excluded.count
        """;
}
