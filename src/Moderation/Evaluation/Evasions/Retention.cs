using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Evaluation.Evasions;

/// <summary>How much of what is blocked plainly written stays blocked in disguises of one family.</summary>
/// <param name="Target">The share that has to stay blocked.</param>
/// <param name="Disguised">Disguised texts whose plain form is blocked.</param>
/// <param name="Kept">Those of them that are blocked too.</param>
internal sealed record Retained(Target Target, int Disguised, int Kept)
{
    /// <summary>The share that stays blocked; null where nothing could be disguised.</summary>
    public double? Share => Disguised == 0 ? null : (double)Kept / Disguised;
}

/// <summary>Disguises texts in every family and counts what stays blocked. The same texts and the same seed give the same table.</summary>
/// <param name="rules">Whose terms are written in pinyin.</param>
/// <param name="blocks">Whether a text is blocked.</param>
/// <param name="seed">Names the disguises.</param>
/// <param name="rounds">How many disguises of each family each text gets.</param>
internal sealed class Retention(RuleSet rules, Func<string, bool> blocks, int seed = Retention.UsualSeed, int rounds = Retention.UsualRounds)
{
    public const int UsualSeed = 20_240_607;
    public const int UsualRounds = 4;

    private const int FamilyCount = 5;

    private readonly (IEvasion Evasion, Target Target)[] _families = [.. Families(rules)];
    private readonly int[] _disguised = new int[FamilyCount];
    private readonly int[] _kept = new int[FamilyCount];
    private int _texts;

    public IReadOnlyList<Retained> Rows => [.. _families.Select((family, i) => new Retained(family.Target, _disguised[i], _kept[i]))];

    /// <summary>Every family with the share that has to stay blocked.</summary>
    public static IEnumerable<(IEvasion Evasion, Target Target)> Families(RuleSet rules)
    {
        yield return With(new UnicodeAndSpacing(), 0.98, 0.995);
        yield return With(new Leet(), 0.80, 0.90);
        yield return With(new LetterSwaps(), 0.65, 0.80);
        yield return With(new ChineseForms(), 0.98, 0.995);
        yield return With(new PinyinOfTerms(rules), 0.80, 0.90);

        static (IEvasion, Target) With(IEvasion evasion, double pass, double stretch) => (evasion, new Target($"evasion, recall kept: {evasion.Family}", true, pass, stretch));
    }

    /// <summary>Disguises a text, if it is blocked as it is.</summary>
    public void Add(string text)
    {
        var first = unchecked(seed + _texts++ * 31);
        if (!blocks(text)) return;
        for (var family = 0; family < FamilyCount; family++)
        {
            for (var round = 0; round < rounds; round++)
            {
                var disguise = _families[family].Evasion.Disguise(text, new Random(unchecked(first + round * 1_000_003)));
                if (disguise == text) continue;
                _disguised[family]++;
                if (blocks(disguise)) _kept[family]++;
            }
        }
    }
}
