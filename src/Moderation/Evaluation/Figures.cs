namespace Aigc2d.Moderation.Evaluation;

/// <summary>What is measured of one head on some rows. What the labels cannot tell is null.</summary>
internal sealed record Figures
{
    public const double FalsePositiveRate = 0.01;

    public required Head Head { get; init; }

    public required int Positives { get; init; }

    public required int Negatives { get; init; }

    public required double? AveragePrecision { get; init; }

    public required double? RecallAtOnePercent { get; init; }

    /// <summary>With p ≥ 0.5 as yes.</summary>
    public required Confusion Halved { get; init; }

    /// <summary>With the engine's block as yes.</summary>
    public required Confusion Blocked { get; init; }

    public required double? CalibrationError { get; init; }

    public static Figures Of(Head head, IEnumerable<MeasuredRow> rows)
    {
        var known = rows.Select(row => (Row: row, Label: head.IsTrue(row.Labels))).Where(row => row.Label is not null).Select(row => (row.Row, IsTrue: row.Label!.Value)).ToArray();
        var scored = known.Select(row => (head.ScoreOf(row.Row), row.IsTrue)).ToArray();
        var ranking = new Ranking(scored);
        return new()
        {
            Head = head,
            Positives = ranking.Positives,
            Negatives = ranking.Negatives,
            AveragePrecision = ranking.AveragePrecision(),
            RecallAtOnePercent = ranking.RecallAt(FalsePositiveRate),
            Halved = Confusion.Of(known.Select(row => (head.SaysYes(row.Row), row.IsTrue))),
            Blocked = Confusion.Of(known.Select(row => (head.Blocks(row.Row), row.IsTrue))),
            CalibrationError = Reliability.Error(scored),
        };
    }

    /// <summary>Of any violation, and of the categories that rows are labelled with.</summary>
    public static IReadOnlyList<Figures> OfSet(MeasuredSet set) =>
        [.. Head.All.Select(head => Of(head, set.Rows)).Where(figures => figures.Positives > 0 || (figures.Head.Index < 0 && figures.Negatives > 0))];
}
