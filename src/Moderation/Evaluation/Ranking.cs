namespace Aigc2d.Moderation.Evaluation;

/// <summary>Scored texts from the surest to the least sure. Texts of one score are indistinguishable: no threshold falls between them.</summary>
internal sealed class Ranking
{
    private readonly List<(int Hits, int FalseAlarms)> _steps = [];

    public Ranking(IReadOnlyCollection<(float Score, bool IsTrue)> texts)
    {
        var ordered = texts.OrderByDescending(text => text.Score).ToArray();
        for (var i = 0; i < ordered.Length; i++)
        {
            if (ordered[i].IsTrue) Positives++;
            else Negatives++;
            if (i + 1 == ordered.Length || ordered[i + 1].Score != ordered[i].Score) _steps.Add((Positives, Negatives));
        }
    }

    public int Positives { get; }

    public int Negatives { get; }

    /// <summary>Area under precision over recall, by steps: each threshold's precision weighs as much as the recall that it adds. Null unless both classes exist.</summary>
    public double? AveragePrecision()
    {
        if (Positives == 0 || Negatives == 0) return null;
        var (area, before) = (0.0, 0);
        foreach (var (hits, falseAlarms) in _steps)
        {
            area += (double)(hits - before) / Positives * hits / (hits + falseAlarms);
            before = hits;
        }

        return area;
    }

    /// <summary>The most that a threshold finds whose false positive rate is no higher. Null unless both classes exist.</summary>
    public double? RecallAt(double falsePositiveRate)
    {
        if (Positives == 0 || Negatives == 0) return null;
        return _steps.Where(step => (double)step.FalseAlarms / Negatives <= falsePositiveRate).Select(step => (double)step.Hits / Positives).DefaultIfEmpty().Max();
    }
}
