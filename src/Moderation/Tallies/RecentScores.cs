using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Providers;
using Aigc2d.Moderation.Rules;
using Npgsql;

namespace Aigc2d.Moderation.Tallies;

/// <summary>Recorded verdicts that a provider's flag decided: of which category, where, for whom, with what action, and how many.</summary>
internal readonly record struct FlagCell(string Category, ScreeningStage Stage, Strictness Strictness, VerdictAction Action, long Count);

/// <summary>The counted scores of a while, of all screenings and of the recorded verdicts.</summary>
internal sealed class RecentScores
{
    private readonly List<KeyValuePair<TallyCell, long>> _screenings = [];
    private readonly List<KeyValuePair<TallyCell, long>> _verdicts = [];
    private readonly List<FlagCell> _flags = [];

    public static async Task<RecentScores> ReadAsync(NpgsqlDataSource db, DateTimeOffset since, CancellationToken ct)
    {
        var scores = new RecentScores();
        await using var command = db.CreateCommand(Screenings);
        command.Parameters.Add(new() { Value = since.UtcDateTime });
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) scores._screenings.Add(new(CellOf(reader, since), reader.GetInt64(7)));

        await using var verdicts = db.CreateCommand(Verdicts);
        verdicts.Parameters.Add(new() { Value = since.UtcDateTime });
        verdicts.Parameters.Add(new() { Value = Categories.All.ToArray() });
        await using (var reader = await verdicts.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) scores._verdicts.Add(new(CellOf(reader, since), reader.GetInt64(7)));

        await using var flags = db.CreateCommand(Flags);
        flags.Parameters.Add(new() { Value = since.UtcDateTime });
        await using (var reader = await flags.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) scores._flags.Add(FlagOf(reader));
        return scores;
    }

    /// <summary>Every screening at a stage, by its score in a category.</summary>
    public IEnumerable<KeyValuePair<TallyCell, long>> ScreeningsOf(string category, ScreeningStage stage)
    {
        var counted = _screenings.Where(cell => cell.Key.Category == category && cell.Key.Stage == stage).ToArray();
        // Those without a hit and below the first step were not written for each category: they are what remains.
        var rest = _screenings.Where(cell => cell.Key.Category == TallyCell.All && cell.Key.Stage == stage)
            .GroupBy(cell => cell.Key.Strictness, (strictness, cells) => KeyValuePair.Create(
                cells.First().Key with { Category = category, IsRuleHit = false, Bucket = 0, AnyBucket = 0 },
                cells.Sum(cell => cell.Value) - counted.Where(cell => cell.Key.Strictness == strictness).Sum(cell => cell.Value)));
        return counted.Concat(rest.ToArray());
    }

    /// <summary>The verdicts at a stage that a category decided, by our rules or the classifier.</summary>
    public IEnumerable<KeyValuePair<TallyCell, long>> VerdictsOf(string category, ScreeningStage stage) => _verdicts.Where(cell => cell.Key.Category == category && cell.Key.Stage == stage);

    /// <summary>The verdicts at a stage that a provider's flag of a category decided. Its score is not kept, so they tell nothing of thresholds.</summary>
    public IEnumerable<FlagCell> FlagsOf(string category, ScreeningStage stage) => _flags.Where(cell => cell.Category == category && cell.Stage == stage);

    private static TallyCell CellOf(NpgsqlDataReader row, DateTimeOffset since) => new(
        since,
        Enum.Parse<ScreeningStage>(row.GetString(0), ignoreCase: true),
        row.GetString(1),
        TallyCell.LanguageOf(row.GetString(2)),
        Enum.Parse<Strictness>(row.GetString(3), ignoreCase: true),
        row.GetBoolean(4),
        (byte)row.GetInt16(5),
        (byte)row.GetInt16(6));

    private static FlagCell FlagOf(NpgsqlDataReader row) => new(
        row.GetString(1),
        Enum.Parse<ScreeningStage>(row.GetString(0), ignoreCase: true),
        Enum.Parse<Strictness>(row.GetString(2), ignoreCase: true),
        Enum.Parse<VerdictAction>(row.GetString(3), ignoreCase: true),
        row.GetInt64(4));

    private const string Screenings = """
        select stage, category, language, strictness, rule_hit, bucket, any_bucket, sum(count)::bigint
        from score_counts where hour >= $1 group by stage, category, language, strictness, rule_hit, bucket, any_bucket
        """;

    // The scores of a verdict were cut to four decimals, so that a step of them is the step of what they were cut from. Without scores there was no classifier.
    private const string Verdicts = $"""
        select stage, category, coalesce(language, 'en'), strictness, rule_hit,
               least(99, floor(coalesce(score, 0)::numeric * 100))::smallint as bucket,
               case when score = likeliest then least(19, floor(coalesce(unsafe, 0)::numeric * 20))::smallint else 0::smallint end as any_bucket, count(*)
        from (
            select v.*, scores[array_position($2::text[], category)] as score,
                   (select max(s) from unnest(scores) with ordinality as x(s, i) where ($2::text[])[i] <> 'jurisdiction') as likeliest,
                   exists (select from unnest(rule_ids) as r(id) where starts_with(id, category || '.')) as rule_hit
            from verdicts v where decided_at >= $1 and not {IsFlag}
        ) v
        group by stage, category, coalesce(language, 'en'), strictness, rule_hit, bucket, any_bucket
        """;

    private const string Flags = $"select stage, category, strictness, action, count(*) from verdicts where decided_at >= $1 and {IsFlag} group by stage, category, strictness, action";

    // The first rule is the one that decided.
    private const string IsFlag = $"starts_with(rule_ids[1], '{ProviderRules.Prefix}')";
}
