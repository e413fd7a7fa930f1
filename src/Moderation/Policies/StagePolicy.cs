using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Policies;

/// <summary>What applies to the texts of one screening: the policy of every category at its stage, moved by how strict the plan is.</summary>
internal sealed class StagePolicy
{
    private readonly IReadOnlyList<Policy> _byCategory;
    private readonly Threshold[] _thresholds = new Threshold[Languages.Count * Categories.All.Count];
    private readonly Threshold[] _ofAny = new Threshold[Languages.Count * Categories.All.Count];

    /// <param name="version">The newest version of policies.</param>
    /// <param name="strictness">The plan's.</param>
    /// <param name="own">The model's own thresholds.</param>
    /// <param name="byCategory">In the order of <see cref="Categories.All"/>.</param>
    public StagePolicy(long version, Strictness strictness, Thresholds own, IReadOnlyList<Policy> byCategory)
    {
        (Version, _byCategory) = (version, byCategory);
        foreach (var language in Enum.GetValues<Language>())
        {
            for (var category = 0; category < byCategory.Count; category++)
            {
                _thresholds[Index(language, category)] = byCategory[category].ThresholdOf(own, language, strictness);
                _ofAny[Index(language, category)] = byCategory[category].ThresholdOfAny(own, language, strictness);
            }
        }
    }

    private StagePolicy(StagePolicy other) => (Version, _byCategory, _thresholds, _ofAny) = (other.Version, other._byCategory, other._thresholds, other._ofAny);

    /// <summary>Whether only what is P0 counts.</summary>
    public bool IsOfGravestOnly { get; private init; }

    /// <summary>The newest version of policies when this was in force; 0 for what is built in.</summary>
    public long Version { get; }

    /// <summary>From which probabilities of a category on the classifier decides.</summary>
    public Threshold ThresholdOf(Language language, int category) => _thresholds[Index(language, category)];

    /// <summary>From which probabilities of any violation on the classifier decides, where this category is the likeliest.</summary>
    public Threshold ThresholdOfAny(Language language, int category) => _ofAny[Index(language, category)];

    /// <summary>
    /// What comes of a finding. P0 is blocked and help is offered whatever a policy says; what the classifier or a provider finds has met its threshold already.
    /// </summary>
    public VerdictAction ActionOf(CompiledRule rule)
    {
        if (IsOfGravestOnly && !Categories.IsGravest(rule.Category)) return VerdictAction.Allow;
        if (rule.Action == RuleAction.Support) return VerdictAction.Support;
        if (rule.Severity == Severity.P0 && rule.Action == RuleAction.Block) return VerdictAction.Block;
        var policy = _byCategory[Categories.IndexOf(rule.Category)];
        var isWritten = rule.Index >= 0;
        if (rule.Action == RuleAction.Review) return policy.Limit(isWritten && policy.OnRuleHit == VerdictAction.Allow ? VerdictAction.Allow : VerdictAction.Review);
        return policy.Limit(isWritten ? policy.OnRuleHit : VerdictAction.Block);
    }

    /// <summary>The same for texts that are not screened otherwise: the four P0 categories stay as they are, nothing else counts.</summary>
    public StagePolicy OfGravestOnly() => new(this) { IsOfGravestOnly = true };

    /// <summary>Whether a block in a category may count against the account.</summary>
    public bool Strikes(string category) => _byCategory[Categories.IndexOf(category)].Strike;

    private static int Index(Language language, int category) => ((int)language * Categories.All.Count) + category;
}
