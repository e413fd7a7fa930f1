using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Screenings;

/// <summary>
/// Somebody who may be in distress gets help: what they say of harming themselves is no violation, neither to a rule nor to the classifier nor to a provider.
/// What else they say is judged as ever.
/// </summary>
internal readonly struct Distress
{
    private readonly CompiledRule? _heardBy;

    /// <param name="findings">In which distress may have been heard.</param>
    public Distress(ReadOnlySpan<Finding> findings)
    {
        foreach (var finding in findings)
            if (finding.Rule.Action == RuleAction.Support) _heardBy = finding.Rule;
    }

    /// <summary>Whether distress has been heard that excuses what is found in a category.</summary>
    public bool Excuses(string category) => _heardBy is not null && category == "self_harm";

    /// <summary>What a rule's finding leads to: help where distress excuses it, else what the policy says.</summary>
    public VerdictAction ActionOf(CompiledRule rule, StagePolicy policy) => policy.ActionOf(Excuses(rule.Category) ? _heardBy! : rule);
}
