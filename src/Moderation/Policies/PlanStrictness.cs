using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Policies;

/// <summary>
/// How a plan moves the classifier's thresholds: strict asks for half the odds of the standard threshold, relaxed for twice the odds, never beyond the
/// bounds and never more lenient about P0. Rules know no plans.
/// </summary>
internal static class PlanStrictness
{
    public const float Lowest = 0.02f;
    public const float Highest = 0.98f;
    private const float OddsFactor = 2;

    /// <summary>The threshold of a plan, a probability.</summary>
    /// <param name="threshold">The standard one, a probability; above 1 it means never, and stays so.</param>
    /// <param name="strictness">The plan's.</param>
    /// <param name="category">What it is a threshold of.</param>
    public static float Move(float threshold, Strictness strictness, string category) => strictness switch
    {
        _ when threshold > 1 => threshold,
        Strictness.Strict => MathF.Min(threshold, MathF.Max(Lowest, OfOdds(threshold, 1 / OddsFactor))),
        Strictness.Relaxed when !Categories.IsGravest(category) => MathF.Max(threshold, MathF.Min(Highest, OfOdds(threshold, OddsFactor))),
        _ => threshold,
    };

    private static float OfOdds(float threshold, float factor) => threshold * factor / ((threshold * factor) + 1 - threshold);
}
