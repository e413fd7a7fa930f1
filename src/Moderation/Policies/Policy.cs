using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Policies;

/// <summary>What becomes of texts in one category at one stage, from a date on.</summary>
internal sealed record Policy
{
    public required string Category { get; init; }

    public required ScreeningStage Stage { get; init; }

    /// <summary>Null for what the service is built with.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>The most that comes of the category, whoever finds it: block, review or allow.</summary>
    public required VerdictAction Action { get; init; }

    /// <summary>The probability from which the classifier blocks; null is the model's own threshold.</summary>
    public decimal? BlockAt { get; init; }

    /// <summary>The probability from which a person is to look later; null is the model's own threshold.</summary>
    public decimal? ReviewAt { get; init; }

    /// <summary>What a written rule of the category asks for: block, review or allow.</summary>
    public required VerdictAction OnRuleHit { get; init; }

    /// <summary>Whether a block of a prompt counts against the account.</summary>
    public required bool Strike { get; init; }

    public string? Reason { get; init; }

    public string? Actor { get; init; }

    /// <summary>0 for what the service is built with.</summary>
    public long Version { get; init; }

    /// <summary>What applies where nobody has decided anything: rule hits block, prompts count against the account, P2 never does.</summary>
    public static Policy BuiltIn(string category, ScreeningStage stage) => new()
    {
        Category = category,
        Stage = stage,
        Action = VerdictAction.Block,
        OnRuleHit = VerdictAction.Block,
        Strike = stage == ScreeningStage.Prompt && category != "jurisdiction",
    };

    /// <summary>From which probabilities of this category on the classifier decides about the texts of a plan.</summary>
    public Threshold ThresholdOf(Thresholds own, Language language, Strictness strictness)
    {
        var threshold = own.Of(Stage, language, Heads.Of(Category));
        return Moved((float?)BlockAt ?? threshold.Block, (float?)ReviewAt ?? threshold.Review, strictness);
    }

    /// <summary>
    /// From which probabilities of any violation on the classifier decides where this category is the likeliest: the model's own, or what this policy asks
    /// for where that is more.
    /// </summary>
    public Threshold ThresholdOfAny(Thresholds own, Language language, Strictness strictness)
    {
        var threshold = own.Of(Stage, language, Heads.Unsafe);
        return Moved(MathF.Max(threshold.Block, (float?)BlockAt ?? 0), MathF.Max(threshold.Review, (float?)ReviewAt ?? 0), strictness);
    }

    /// <summary>What comes of a finding of the category that asks for something.</summary>
    public VerdictAction Limit(VerdictAction wanted) => (Action, wanted) switch
    {
        (VerdictAction.Allow, _) => VerdictAction.Allow,
        (VerdictAction.Review, VerdictAction.Block) => VerdictAction.Review,
        _ => wanted,
    };

    /// <summary>What becomes of texts that the category alone decides about.</summary>
    public VerdictAction ActionOf(bool isRuleHit, Threshold threshold, float probability, Threshold ofAny, float any)
    {
        if (probability >= threshold.Block || any >= ofAny.Block || (isRuleHit && OnRuleHit == VerdictAction.Block)) return Limit(VerdictAction.Block);
        return Limit(probability >= threshold.Review || any >= ofAny.Review || (isRuleHit && OnRuleHit == VerdictAction.Review) ? VerdictAction.Review : VerdictAction.Allow);
    }

    /// <summary>The policy that a row would be.</summary>
    public static Policy Of(PolicyRow row) => new()
    {
        Category = row.Category,
        Stage = row.Stage == "prompt" ? ScreeningStage.Prompt : ScreeningStage.Output,
        EffectiveFrom = row.EffectiveFrom,
        Action = Enum.Parse<VerdictAction>(row.Action, ignoreCase: true),
        BlockAt = row.BlockAt,
        ReviewAt = row.ReviewAt,
        OnRuleHit = Enum.Parse<VerdictAction>(row.OnRuleHit, ignoreCase: true),
        Strike = row.EffectiveStrike,
        Reason = row.Reason,
    };

    private Threshold Moved(float block, float review, Strictness strictness)
    {
        var moved = PlanStrictness.Move(block, strictness, Category);
        return new Threshold(moved, MathF.Min(PlanStrictness.Move(review, strictness, Category), moved));
    }
}
