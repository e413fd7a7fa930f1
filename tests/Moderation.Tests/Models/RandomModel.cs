using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Corpus;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tests.Rules;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>Models whose weights nobody has trained, for tests of what is done with weights.</summary>
internal static class RandomModel
{
    public static readonly ScreeningModel Instance = Make(new Thresholds(at => at.Stage == ScreeningStage.Prompt ? new(0.9f, 0.6f) : new(0.95f, 0.7f)));

    public static RuleSet Rules => TwinTests.Screener.Rules;

    public static ScreeningModel Make(Thresholds thresholds)
    {
        var dice = new Dice(7);
        float Fraction() => dice.Below(1000) / 1000f;
        sbyte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => i % Heads.Lanes < Heads.Count ? (sbyte)(dice.Below(255) - 127) : (sbyte)0)];
        return new ScreeningModel
        {
            Version = "",
            RuleSet = "rules",
            Grams = Bytes(Grams.Buckets * Heads.Lanes),
            Lexicon = Bytes(Lexicon.Rows * Heads.Lanes),
            GramScales = [.. Enumerable.Range(0, Heads.Count).Select(_ => Fraction() / 50)],
            LexiconScales = [.. Enumerable.Range(0, Heads.Count).Select(_ => Fraction() / 100)],
            Biases = [.. Enumerable.Range(0, Heads.Count).Select(_ => Fraction() - 0.5f)],
            Calibrations = [.. Enumerable.Range(0, Heads.Count * 2).Select(_ => new Calibration(0.5f + Fraction(), Fraction()))],
            Thresholds = thresholds,
        };
    }

    /// <summary>The opinions of a classifier about one text.</summary>
    public static Opinions OpinionsOf(string text, ScreeningModel? model = null)
    {
        var desk = new Desk(Rules, model ?? Instance);
        desk.Read(text, 0, RuleStages.Both);
        return desk.Opinions;
    }

    public static MappedText Fold(string text)
    {
        var folded = new MappedText(RuleScan.PieceLength);
        new TextFold(text).Fill(folded);
        return folded;
    }
}
