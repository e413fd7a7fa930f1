using Aigc2d.Moderation.Corpus;
using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>Rows of harmless texts, some with a harmful one among them, so that length is no sign of anything and harm is seen in a long text.</summary>
internal static class JoinedSamples
{
    private const int LongestPart = 400;
    private const int MostParts = 8;
    private const int MostBesideHarm = 2;
    private const int HarmfulPerMille = 200;

    public static IEnumerable<Sample> Make(IReadOnlyList<Sample> samples, int perMille, int seed)
    {
        var dice = Dice.For(seed, "join");
        foreach (var like in samples.Where(sample => sample.Text.Length <= LongestPart).GroupBy(sample => (sample.Fold, LanguageOf(sample.Text))))
        {
            var (safe, harmful) = (like.Where(sample => sample.IsSafe).ToArray(), like.Where(sample => sample.Labels[Heads.Unsafe] == Labels.Yes).ToArray());
            if (safe.Length == 0) continue;
            for (var left = like.Count() * perMille / 1000; left > 0; left--)
            {
                var core = harmful.Length > 0 && dice.Chance(HarmfulPerMille) ? harmful[dice.Below(harmful.Length)] : null;
                var parts = Enumerable.Range(0, 2 + dice.Below(core is null ? MostParts - 1 : MostBesideHarm)).Select(_ => safe[dice.Below(safe.Length)]).ToArray();
                if (core is not null) parts[dice.Below(parts.Length)] = core;
                var weight = (core ?? parts[0]).Weight;
                yield return new(string.Join('\n', parts.Select(part => part.Text)), like.Key.Fold, (core ?? parts[0]).Labels, weight, Role.Labelled, Made: true);
            }
        }
    }

    private static Language LanguageOf(string text) => text.Any(c => c >= '\u4E00' && c <= '\u9FFF') ? Language.Chinese : Language.English;
}
