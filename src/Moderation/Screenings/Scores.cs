using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Screenings;

/// <summary>How sure the engine is that texts fall under each category, and that they break any rule at all: probabilities, 0 to 1.</summary>
internal sealed record Scores
{
    public static readonly Scores None = new() { ByCategory = new float[Categories.All.Count], Unsafe = 0 };

    /// <summary>In the order of <see cref="Categories.All"/>.</summary>
    public required IReadOnlyList<float> ByCategory { get; init; }

    /// <summary>That any category applies.</summary>
    public required float Unsafe { get; init; }

    /// <summary>A rule that hits makes its category certain; somebody in distress breaks no rule.</summary>
    public static Scores Of(IReadOnlyCollection<Finding> findings)
    {
        if (findings.Count == 0) return None;
        var found = findings.Select(finding => finding.Rule.Category).ToHashSet(StringComparer.Ordinal);
        return new() { ByCategory = [.. Categories.All.Select(category => found.Contains(category) ? 1f : 0f)], Unsafe = findings.Any(finding => finding.Rule.Action == RuleAction.Block) ? 1 : 0 };
    }

    /// <summary>What the classifier thinks; where a rule has hit, almost certain, and still in the classifier's order.</summary>
    public static Scores Of(List<Finding> findings, Leaning leaning)
    {
        var byCategory = leaning.ByCategory.ToArray();
        var unsafeScore = leaning.Unsafe;
        foreach (var finding in findings)
        {
            ref var score = ref byCategory[Heads.Of(finding.Rule.Category)];
            if (score < AlmostCertain) score = Raise(score);
            if (finding.Rule.Action == RuleAction.Block && unsafeScore < AlmostCertain) unsafeScore = Raise(unsafeScore);
        }

        return new() { ByCategory = byCategory, Unsafe = unsafeScore };
    }

    private const float AlmostCertain = 0.99f;

    private static float Raise(float score) => AlmostCertain + (1 - AlmostCertain) * score;
}
