using System.Runtime.InteropServices;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Models;

/// <summary>
/// What follows from the classifier's opinions: findings by rules that nobody wrote, <c>model.</c> and a category. A probability alone is a strike only from
/// 0.9 on, and never for self-harm.
/// </summary>
internal static class ModelRules
{
    public const float Sure = 0.9f;

    private static readonly CompiledRule[] Striking = Make(RuleAction.Block, strike: true);
    private static readonly CompiledRule[] Blocking = Make(RuleAction.Block, strike: false);
    private static readonly CompiledRule[] Reviewing = Make(RuleAction.Review, strike: false);

    /// <summary>Adds what the classifier finds where no written rule has decided. Distress that a rule has heard is not taken for a violation.</summary>
    public static void Apply(Opinions opinions, StagePolicy policy, List<Finding> findings)
    {
        var distress = new Distress(CollectionsMarshal.AsSpan(findings));
        if (findings.Exists(finding => distress.ActionOf(finding.Rule, policy) == VerdictAction.Block)) return;
        foreach (var language in (ReadOnlySpan<Language>)[Language.English, Language.Chinese])
        {
            for (var head = 0; head < Heads.Count; head++)
            {
                var opinion = opinions.Of(language, head);
                if (float.IsNegativeInfinity(opinion.LogOdds)) continue;
                var category = head == Heads.Unsafe ? opinions.Likeliest(language) : head;
                if (distress.Excuses(Heads.Names[category])) continue;
                var threshold = head == Heads.Unsafe ? policy.ThresholdOfAny(language, category) : policy.ThresholdOf(language, category);
                var sure = opinions.Of(language, category).Probability >= Sure;
                if (RuleFor(category, opinion.Probability, threshold, sure) is { } rule) findings.Add(new Finding(rule, opinion.Text, opinion.Start, opinion.End));
            }
        }
    }

    private static CompiledRule? RuleFor(int category, float probability, Threshold threshold, bool sure)
    {
        if (probability >= threshold.Block) return (sure && Heads.Names[category] != "self_harm" ? Striking : Blocking)[category];
        return probability >= threshold.Review ? Reviewing[category] : null;
    }

    private static CompiledRule[] Make(RuleAction action, bool strike) => CompiledRule.ForEachCategory("model.", -1, "found by the classifier", action, strike);
}
