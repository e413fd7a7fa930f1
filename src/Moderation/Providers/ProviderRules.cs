using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Providers;

/// <summary>
/// What follows from a provider's flags: findings by rules that nobody wrote, <c>provider.</c> and a category. A provider's score is not calibrated by us, so
/// it blocks from the classifier's own threshold on, is looked at by a person below it, and is never a strike by itself.
/// </summary>
internal static class ProviderRules
{
    /// <summary>What the ids of these rules begin with, and no others.</summary>
    public const string Prefix = "provider.";

    // Where policies or a missing model let the classifier decide nothing, a provider that is this sure is still heard.
    private const float SureEnough = 0.9f;

    private static readonly RuleTable OfTexts = new(Prefix, -200);
    private static readonly RuleTable OfImages = new($"{Prefix}image.", -500);

    /// <summary>Our judgement with what a provider has flagged in the same texts.</summary>
    public static Judgement Fuse(Judgement own, ProviderFlags flags, IReadOnlyList<string> texts, StagePolicy policy) =>
        Fuse(own, flags, OfTexts, (texts.Count - 1, texts[^1].Length), policy);

    /// <summary>What follows from what a provider has flagged in an image, on which we have no judgement of our own.</summary>
    public static Judgement OfImage(ProviderFlags flags, StagePolicy policy) => Fuse(Judgement.Allowed, flags, OfImages, (Finding.InNoText, 0), policy);

    private static Judgement Fuse(Judgement own, ProviderFlags flags, RuleTable rules, (int Text, int Length) place, StagePolicy policy)
    {
        if (flags.ScoreByName.Count == 0) return own;

        var findings = own.Findings.ToList();
        var scores = own.Scores.ByCategory.ToArray();
        var worst = own.Scores.Unsafe;
        foreach (var (name, score) in flags.ScoreByName)
        {
            var category = Categories.IndexOf(ProviderCategories.Of(name));
            var rule = rules.For(name, category, score, policy.ThresholdOf(own.Leaning.Language, category).Block);
            findings.Add(new Finding(rule, place.Text, 0, place.Length));
            scores[category] = Math.Max(scores[category], score);
            if (rule.Action != RuleAction.Support) worst = Math.Max(worst, score);
        }

        return Judgement.Of(findings, new Scores { ByCategory = scores, Unsafe = worst }, own.Leaning, policy);
    }

    /// <summary>The rules of one kind of content, three for each category.</summary>
    private sealed class RuleTable(string prefix, int firstIndex)
    {
        private readonly CompiledRule[] _blocking = Make(RuleAction.Block, prefix, firstIndex);
        private readonly CompiledRule[] _reviewing = Make(RuleAction.Review, prefix, firstIndex - 100);
        private readonly CompiledRule[] _supporting = Make(RuleAction.Support, prefix, firstIndex - 200);

        public CompiledRule For(string name, int category, float score, float threshold)
        {
            if (ProviderCategories.IsDistress(name)) return _supporting[category];
            return _blocking[category].Severity == Severity.P0 || score >= Math.Min(threshold, SureEnough) ? _blocking[category] : _reviewing[category];
        }
    }

    private static CompiledRule[] Make(RuleAction action, string prefix, int firstIndex) => CompiledRule.ForEachCategory(prefix, firstIndex, "flagged by a provider's moderation", action, strike: false);
}
