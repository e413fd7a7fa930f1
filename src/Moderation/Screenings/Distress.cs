using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Screenings;

/// <summary>
/// Somebody who may be in distress gets help: what they say of harming themselves is no violation, neither to a rule nor to the classifier nor to a provider.
/// What else they say is judged as ever.
/// </summary>
internal static class Distress
{
    /// <summary>The rule that has heard distress; null when none has.</summary>
    public static CompiledRule? RuleIn(ReadOnlySpan<Finding> findings)
    {
        foreach (var finding in findings)
            if (finding.Rule.Action == RuleAction.Support) return finding.Rule;
        return null;
    }

    /// <summary>Whether what a rule finds is answered with help where distress has been heard.</summary>
    public static bool Excuses(CompiledRule rule) => Excuses(rule.Category);

    /// <summary>Whether what is found in a category is answered with help where distress has been heard.</summary>
    public static bool Excuses(string category) => category == "self_harm";
}
