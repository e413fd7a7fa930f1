namespace Aigc2d.Moderation.Evaluation;

/// <summary>How decisions compare with labels. What a missing class leaves undefined is null.</summary>
internal readonly record struct Confusion(int Hits, int FalseAlarms, int Misses, int Passes)
{
    public double? Recall => Ratio(Hits, Hits + Misses);

    public double? FalsePositiveRate => Ratio(FalseAlarms, FalseAlarms + Passes);

    private bool HasBothClasses => Hits + Misses > 0 && FalseAlarms + Passes > 0;

    public double? F1 => Hits + Misses > 0 ? OneClassF1(Hits) : null;

    public double? Accuracy => HasBothClasses ? Ratio(Hits + Passes, Hits + FalseAlarms + Misses + Passes) : null;

    /// <summary>The mean of both classes' F1.</summary>
    public double? MacroF1 => HasBothClasses ? (OneClassF1(Hits) + OneClassF1(Passes)) / 2 : null;

    public static Confusion Of(IEnumerable<(bool IsDecided, bool IsTrue)> texts)
    {
        var (hits, falseAlarms, misses, passes) = (0, 0, 0, 0);
        foreach (var text in texts)
        {
            switch (text)
            {
                case (true, true): hits++; break;
                case (true, false): falseAlarms++; break;
                case (false, true): misses++; break;
                default: passes++; break;
            }
        }

        return new(hits, falseAlarms, misses, passes);
    }

    private double OneClassF1(int right) => right == 0 ? 0 : 2.0 * right / ((2 * right) + FalseAlarms + Misses);

    private static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
