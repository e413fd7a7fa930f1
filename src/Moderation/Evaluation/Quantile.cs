namespace Aigc2d.Moderation.Evaluation;

/// <summary>Quantiles by nearest rank: the smallest value that at least this share does not exceed.</summary>
internal static class Quantile
{
    public static double? Of(IReadOnlyCollection<double> values, double share)
    {
        if (values.Count == 0) return null;
        var ordered = values.Order().ToArray();
        return ordered[Math.Max(0, (int)Math.Ceiling((share * ordered.Length) - 1e-9) - 1)];
    }
}
