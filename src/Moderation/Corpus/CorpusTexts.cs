namespace Aigc2d.Moderation.Corpus;

/// <summary>A text drawn from the corpus.</summary>
/// <param name="Pair">The pair it comes from.</param>
/// <param name="Category">Of the pair; <c>none</c> for harmless files.</param>
/// <param name="Language">Of the pair.</param>
/// <param name="Kind">Of the pair.</param>
/// <param name="IsUnsafe">Which side.</param>
internal sealed record CorpusText(string Pair, string Category, string Language, string Kind, bool IsUnsafe, string Text);

/// <summary>Draws texts from the templates of a corpus: no text twice, every template in turn, the same ones for the same seed.</summary>
internal static class CorpusTexts
{
    public static IEnumerable<CorpusText> Draw(IReadOnlyList<(string Name, CorpusFile File)> files, int seed, int perSide)
    {
        foreach (var (_, file) in files)
        {
            foreach (var pair in file.Pairs)
            {
                var dice = Dice.For(seed, pair.Id);
                var known = new HashSet<string>(StringComparer.Ordinal);
                foreach (var text in Draw(pair.Unsafe, file.Slots, dice, known, perSide)) yield return new(pair.Id, file.Category, file.Language, pair.Kind, true, text);
                foreach (var text in Draw(pair.Safe, file.Slots, dice, known, perSide)) yield return new(pair.Id, file.Category, file.Language, pair.Kind, false, text);
            }
        }
    }

    private static List<string> Draw(string[] templates, Dictionary<string, string[]> slots, Dice dice, HashSet<string> known, int most)
    {
        const int Fruitless = 12;

        var texts = new List<string>();
        var left = templates.Select(text => (Template: new Template(text, slots), Misses: 0)).ToList();
        while (left.Count > 0 && texts.Count < most)
        {
            for (var i = 0; i < left.Count && texts.Count < most; i++)
            {
                var text = left[i].Template.Draw(dice);
                var isNew = known.Add(text);
                if (isNew) texts.Add(text);
                left[i] = left[i] with { Misses = isNew ? 0 : left[i].Misses + 1 };
            }

            left.RemoveAll(template => template.Misses >= Fruitless);
        }

        return texts;
    }
}
