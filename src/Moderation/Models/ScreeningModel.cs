using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Aigc2d.Moderation.Models;

/// <summary>The trained classifier: linear heads over hashed features, 16 weights of one byte per feature. Read once, never changed, shared by every screening.</summary>
internal sealed class ScreeningModel
{
    /// <summary>Names exactly this model: the first 12 hexadecimal digits of the file's SHA-256.</summary>
    public required string Version { get; init; }

    /// <summary>The version of the rules that it was trained with.</summary>
    public required string RuleSet { get; init; }

    /// <summary>Per bucket one weight per lane.</summary>
    public required sbyte[] Grams { get; init; }

    /// <summary>Per row of the lexicon one weight per lane.</summary>
    public required sbyte[] Lexicon { get; init; }

    /// <summary>What a unit of weight is worth, per head: for n-grams, and for the lexicon.</summary>
    public required float[] GramScales { get; init; }

    public required float[] LexiconScales { get; init; }

    public required float[] Biases { get; init; }

    /// <summary>By language, then head.</summary>
    public required Calibration[] Calibrations { get; init; }

    public required Thresholds Thresholds { get; init; }

    /// <summary>The model that is shipped.</summary>
    /// <exception cref="InvalidDataException">It is missing or damaged.</exception>
    public static ScreeningModel Embedded()
    {
        var assembly = typeof(ScreeningModel).Assembly;
        using var stream = assembly.GetManifestResourceStream($"{assembly.GetName().Name}.Models.Data.screening.model")
            ?? throw new InvalidDataException("The screening model is missing; make it with ./aigc2d moderation train.");
        return ModelFile.Read(stream);
    }

    /// <summary>What there is to say about running beside rules of a version; null when it was trained with them.</summary>
    public string? RemarkOn(string ruleSet) => ruleSet == RuleSet ? null : $"they were trained with rules {RuleSet}, and these are {ruleSet}; probabilities are off until ./aigc2d moderation train has made new ones";

    public Calibration CalibrationOf(Language language, int head) => Calibrations[(int)language * Heads.Count + head];

    /// <summary>Adds the weights of features to sums, one per lane.</summary>
    public static void Add(sbyte[] weights, ReadOnlySpan<int> features, Span<int> sums)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var (a, b) = (Vector128.LoadUnsafe(ref sum), Vector128.LoadUnsafe(ref sum, 4));
        var (c, d) = (Vector128.LoadUnsafe(ref sum, 8), Vector128.LoadUnsafe(ref sum, 12));
        foreach (var feature in features)
        {
            var at = weights.AsSpan(feature * Heads.Lanes, Heads.Lanes);
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(at)));
            var (low0, low1) = Vector128.Widen(low);
            var (high0, high1) = Vector128.Widen(high);
            (a, b, c, d) = (a + low0, b + low1, c + high0, d + high1);
        }

        a.StoreUnsafe(ref sum);
        b.StoreUnsafe(ref sum, 4);
        c.StoreUnsafe(ref sum, 8);
        d.StoreUnsafe(ref sum, 12);
    }

    /// <summary>The raw score of a head.</summary>
    /// <param name="head">Which one.</param>
    /// <param name="gramSum">Its weights over the n-grams, added up.</param>
    /// <param name="grams">How many n-grams: their weight falls with the root of their number.</param>
    /// <param name="lexiconSum">Its weights over the rows of the lexicon, added up.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Score(int head, int gramSum, int grams, int lexiconSum) =>
        GramScales[head] * gramSum / MathF.Sqrt(grams) + LexiconScales[head] * lexiconSum + Biases[head];
}
