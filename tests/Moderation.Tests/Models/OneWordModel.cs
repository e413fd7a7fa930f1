using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>A model that knows one word.</summary>
internal static class OneWordModel
{
    public static ScreeningModel Make(string word, string category, Thresholds? thresholds = null, float perHit = 8, string version = "", string ruleSet = "")
    {
        var grams = new sbyte[Grams.Buckets * Heads.Lanes];
        grams[SlowClassifier.BucketOf($"word {word}") * Heads.Lanes + Heads.Of(category)] = 100;
        var ones = Enumerable.Repeat(1f, Heads.Count).ToArray();
        return new ScreeningModel
        {
            Version = version,
            RuleSet = ruleSet,
            Grams = grams,
            Lexicon = new sbyte[Lexicon.Rows * Heads.Lanes],
            GramScales = [.. ones.Select(one => one * perHit / 100)],
            LexiconScales = ones,
            Biases = [.. ones.Select(one => -4 * one)],
            Calibrations = [.. Enumerable.Repeat(new Calibration(1, 0), Heads.Count * Languages.Count)],
            Thresholds = thresholds ?? Thresholds.None,
        };
    }
}
