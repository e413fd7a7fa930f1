using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Tallies;

namespace Aigc2d.Moderation.Policies;

/// <summary>A count that is known within bounds: equal unless a threshold lies inside a step of 0.01.</summary>
internal readonly record struct CountRange(long AtLeast, long AtMost)
{
    public static CountRange operator +(CountRange a, CountRange b) => new(a.AtLeast + b.AtLeast, a.AtMost + b.AtMost);
}

/// <summary>What one category would make of the same texts under two policies, or for two plans.</summary>
internal sealed record PolicyEffect
{
    public long Total { get; init; }

    public CountRange BlockedNow { get; init; }

    public CountRange BlockedThen { get; init; }

    public CountRange ReviewedNow { get; init; }

    public CountRange ReviewedThen { get; init; }

    /// <summary>Whose action would be another.</summary>
    public CountRange Changed { get; init; }

    /// <summary>Compares two policies over counted scores.</summary>
    /// <param name="now">The one.</param>
    /// <param name="then">The other.</param>
    /// <param name="own">The model's own thresholds.</param>
    /// <param name="counts">The scores.</param>
    /// <param name="strictness">How strict the other's plan is; null for the plans that the scores were counted under.</param>
    public static PolicyEffect Of(Policy now, Policy then, Thresholds own, IEnumerable<KeyValuePair<TallyCell, long>> counts, Strictness? strictness = null) =>
        counts.Aggregate(new PolicyEffect(), (sum, cell) => sum.Plus(ActionsIn(cell.Key, now, then, own, strictness ?? cell.Key.Strictness).ToArray(), cell.Value));

    private PolicyEffect Plus((VerdictAction Now, VerdictAction Then)[] actions, long count)
    {
        CountRange Count(Func<(VerdictAction Now, VerdictAction Then), bool> holds) => new(actions.All(holds) ? count : 0, actions.Any(holds) ? count : 0);
        return new PolicyEffect
        {
            Total = Total + count,
            BlockedNow = BlockedNow + Count(a => a.Now == VerdictAction.Block),
            BlockedThen = BlockedThen + Count(a => a.Then == VerdictAction.Block),
            ReviewedNow = ReviewedNow + Count(a => a.Now == VerdictAction.Review),
            ReviewedThen = ReviewedThen + Count(a => a.Then == VerdictAction.Review),
            Changed = Changed + Count(a => a.Now != a.Then),
        };
    }

    // The thresholds cut a step into pieces; inside a piece every probability has the same fate.
    private static IEnumerable<(VerdictAction Now, VerdictAction Then)> ActionsIn(TallyCell cell, Policy now, Policy then, Thresholds own, Strictness strictness)
    {
        var (ofNow, ofThen) = (now.ThresholdOf(own, cell.Language, cell.Strictness), then.ThresholdOf(own, cell.Language, strictness));
        var (anyNow, anyThen) = (now.ThresholdOfAny(own, cell.Language, cell.Strictness), then.ThresholdOfAny(own, cell.Language, strictness));
        return
            from probability in ScoreBuckets.Fine.PiecesOf(cell.Bucket, [ofNow.Block, ofNow.Review, ofThen.Block, ofThen.Review])
            from any in ScoreBuckets.Coarse.PiecesOf(cell.AnyBucket, [anyNow.Block, anyNow.Review, anyThen.Block, anyThen.Review])
            select (now.ActionOf(cell.IsRuleHit, ofNow, probability, anyNow, any), then.ActionOf(cell.IsRuleHit, ofThen, probability, anyThen, any));
    }
}
