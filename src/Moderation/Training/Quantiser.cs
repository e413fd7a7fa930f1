using System.Runtime.Intrinsics;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Training;

/// <summary>Makes the model that is shipped from weights: one byte per weight, with a scale per head; the few largest weights are cut.</summary>
internal static class Quantiser
{
    private const int Largest = 127;
    private const double Cut = 0.0002;

    public static ScreeningModel Make(Weights weights, RuleSet rules, Calibration[] calibrations, Thresholds thresholds)
    {
        var (grams, gramScales) = Quantise(weights.Grams);
        var (lexicon, lexiconScales) = Quantise(weights.Lexicon.AsSpan(0, Models.Lexicon.Rows));
        for (var head = 0; head < Heads.Count; head++) lexiconScales[head] *= Weights.LexiconShare;
        return new ScreeningModel
        {
            Version = "",
            RuleSet = rules.Version,
            Grams = grams,
            Lexicon = lexicon,
            GramScales = gramScales,
            LexiconScales = lexiconScales,
            Biases = [.. Enumerable.Range(0, Heads.Count).Select(head => weights.Biases[head])],
            Calibrations = calibrations,
            Thresholds = thresholds,
        };
    }

    private static (sbyte[] Values, float[] Scales) Quantise(ReadOnlySpan<Vector512<float>> weights)
    {
        var values = new sbyte[weights.Length * Heads.Lanes];
        var scales = new float[Heads.Count];
        for (var head = 0; head < Heads.Count; head++)
        {
            var sizes = new List<float>();
            foreach (var weight in weights)
                if (weight[head] != 0) sizes.Add(MathF.Abs(weight[head]));
            sizes.Sort();
            scales[head] = sizes.Count == 0 ? 1 : sizes[^((int)(sizes.Count * Cut) + 1)] / Largest;
            for (var i = 0; i < weights.Length; i++) values[i * Heads.Lanes + head] = (sbyte)Math.Clamp(MathF.Round(weights[i][head] / scales[head]), -Largest, Largest);
        }

        return (values, scales);
    }
}
