namespace Aigc2d.Moderation.Evaluation;

/// <summary>Whether a probability means what it says.</summary>
internal static class Reliability
{
    /// <summary>Bins of equal width: 0 to 1/15, 1/15 to 2/15 …; the last one holds 1 too.</summary>
    public const int Bins = 15;

    /// <summary>The expected calibration error: over the bins, how far the mean probability is from the share that is true, weighed by texts. Null without texts.</summary>
    public static double? Error(IReadOnlyCollection<(float Score, bool IsTrue)> texts)
    {
        if (texts.Count == 0) return null;
        Span<double> excess = stackalloc double[Bins];
        excess.Clear();
        foreach (var (score, isTrue) in texts) excess[Math.Clamp((int)((double)score * Bins), 0, Bins - 1)] += score - (isTrue ? 1 : 0);
        var sum = 0.0;
        foreach (var bin in excess) sum += Math.Abs(bin);
        return sum / texts.Count;
    }
}
