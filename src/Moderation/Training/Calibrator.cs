using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>Fits probabilities to held-out scores, per language and head, by Platt's method.</summary>
internal static class Calibrator
{
    private const int FewestOfAKind = 30;
    private const int Rounds = 40;

    // Of Newton's step, which overshoots where the scores are far off.
    private const double Smallest = 1e-4;
    private const float FlattestSlope = 0.1f;

    // Scores that part the kinds completely would make every probability 0 or 1.
    private const float SteepestSlope = 1.5f;

    private static readonly Calibration Untouched = new(1, 0);

    public static Calibration[] Fit(IReadOnlyList<Outcome> outcomes)
    {
        var calibrations = new Calibration[Languages.Count * Heads.Count];
        for (var head = 0; head < Heads.Count; head++)
        {
            var known = outcomes.Where(outcome => outcome.Label(head) != Labels.Unknown).ToArray();
            var common = FitOne(known, head) ?? Untouched;
            foreach (var language in Enum.GetValues<Language>())
                calibrations[(int)language * Heads.Count + head] = FitOne([.. known.Where(outcome => outcome.Language == language)], head) ?? common;
        }

        return calibrations;
    }

    /// <summary>Null when there is too little of a kind.</summary>
    private static Calibration? FitOne(Outcome[] known, int head)
    {
        var positive = known.Count(outcome => outcome.Label(head) == Labels.Yes);
        if (positive < FewestOfAKind || known.Length - positive < FewestOfAKind) return null;
        var (slope, offset) = FitOne(known, head, 1, isSlopeFree: true);
        if (slope is not (>= FlattestSlope and <= SteepestSlope)) (slope, offset) = FitOne(known, head, slope > 1 ? SteepestSlope : FlattestSlope, isSlopeFree: false);
        return double.IsFinite(offset) ? new Calibration((float)slope, (float)offset) : null;
    }

    private static (double Slope, double Offset) FitOne(Outcome[] known, int head, double slope, bool isSlopeFree)
    {
        var offset = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var (stepSlope, stepOffset) = Step(known, head, slope, offset, isSlopeFree);
            var before = Loss(known, head, slope, offset);
            var share = 1.0;
            while (share > Smallest && !(Loss(known, head, slope - share * stepSlope, offset - share * stepOffset) < before)) share /= 2;
            if (share <= Smallest) break;
            (slope, offset) = (slope - share * stepSlope, offset - share * stepOffset);
        }

        return (slope, offset);
    }

    private static double Loss(Outcome[] known, int head, double slope, double offset)
    {
        var loss = 0.0;
        foreach (var outcome in known)
        {
            var logOdds = slope * outcome.Scores[head] + offset;
            var signed = outcome.Label(head) == Labels.Yes ? -logOdds : logOdds;
            loss += outcome.Sample.Weight * (Math.Max(signed, 0) + Math.Log(1 + Math.Exp(-Math.Abs(signed))));
        }

        return loss;
    }

    // Newton's step on the log loss.
    private static (double Slope, double Offset) Step(Outcome[] known, int head, double slope, double offset, bool isSlopeFree)
    {
        var (g0, g1, h00, h01, h11) = (0.0, 0.0, 1e-6, 0.0, 1e-6);
        foreach (var outcome in known)
        {
            var x = outcome.Scores[head];
            var p = 1 / (1 + Math.Exp(-(slope * x + offset)));
            var (error, spread) = (outcome.Sample.Weight * (p - outcome.Label(head)), outcome.Sample.Weight * p * (1 - p));
            (g0, g1) = (g0 + error * x, g1 + error);
            (h00, h01, h11) = (h00 + spread * x * x, h01 + spread * x, h11 + spread);
        }

        if (!isSlopeFree) return (0, g1 / h11);
        var determinant = h00 * h11 - h01 * h01;
        return ((g0 * h11 - g1 * h01) / determinant, (g1 * h00 - g0 * h01) / determinant);
    }
}
