using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Tallies;

namespace Aigc2d.Moderation.Policies;

/// <summary>What a preview says of one category and stage.</summary>
internal sealed record PreviewItem
{
    public required string Category { get; init; }

    public required ScreeningStage Stage { get; init; }

    /// <summary>All texts that were screened.</summary>
    public required ScreeningsEffect Screenings { get; init; }

    /// <summary>Those of them that our rules or the classifier made a recorded block or review of the category.</summary>
    public required VerdictsEffect Verdicts { get; init; }

    /// <summary>How much was recorded because a provider flagged a text or an image: its flags are in neither count.</summary>
    public required FlagCounts ProviderFlags { get; init; }

    /// <summary>Compares two policies over recent scores.</summary>
    public static PreviewItem Of(Policy now, Policy then, Thresholds own, RecentScores scores) => Of(
        PolicyEffect.Of(now, then, own, scores.ScreeningsOf(now.Category, now.Stage)),
        PolicyEffect.Of(now, then, own, scores.VerdictsOf(now.Category, now.Stage)),
        scores.FlagsOf(now.Category, now.Stage),
        now);

    /// <summary>Compares how a policy treats the texts of plans that are so strict with how it would, were they of others.</summary>
    public static PreviewItem Of(Policy policy, Strictness from, Strictness to, Thresholds own, RecentScores scores) => Of(
        PolicyEffect.Of(policy, policy, own, scores.ScreeningsOf(policy.Category, policy.Stage).Where(cell => cell.Key.Strictness == from), to),
        PolicyEffect.Of(policy, policy, own, scores.VerdictsOf(policy.Category, policy.Stage).Where(cell => cell.Key.Strictness == from), to),
        scores.FlagsOf(policy.Category, policy.Stage).Where(cell => cell.Strictness == from),
        policy);

    private static PreviewItem Of(PolicyEffect screenings, PolicyEffect verdicts, IEnumerable<FlagCell> flags, Policy policy) => new()
    {
        Category = policy.Category,
        Stage = policy.Stage,
        Screenings = new ScreeningsEffect(screenings.Total, screenings.Changed, new(screenings.BlockedNow, screenings.ReviewedNow), new(screenings.BlockedThen, screenings.ReviewedThen)),
        Verdicts = new VerdictsEffect(verdicts.Total, verdicts.Changed),
        ProviderFlags = FlagCounts.Of(flags),
    };
}

/// <summary>What becomes of all texts.</summary>
internal sealed record ScreeningsEffect(long Total, CountRange Changed, ActionCounts Now, ActionCounts Then);

/// <summary>What becomes of those that were recorded.</summary>
internal sealed record VerdictsEffect(long Total, CountRange Changed);

/// <summary>How many texts are blocked, and how many only reviewed.</summary>
internal sealed record ActionCounts(CountRange Block, CountRange Review);

/// <summary>How many blocks and reviews were recorded because of a provider's flag.</summary>
internal sealed record FlagCounts(long Block, long Review)
{
    public static FlagCounts Of(IEnumerable<FlagCell> flags)
    {
        var byAction = flags.ToLookup(cell => cell.Action, cell => cell.Count);
        return new(byAction[VerdictAction.Block].Sum(), byAction[VerdictAction.Review].Sum());
    }
}
