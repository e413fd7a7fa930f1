using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>Measures distance in letters, so that neither spacing nor padding moves words apart; the end of a sentence counts as a long word.</summary>
internal sealed class LetterCount(int capacity)
{
    private const int SentenceEnd = 8;
    private const int LongestSeparator = 2;

    private readonly int[] _before = new int[capacity + 1];

    public void Count(MappedText text)
    {
        var folded = text.Chars;
        var letters = 0;
        for (var i = 0; i < folded.Length; i++)
        {
            _before[i] = letters;
            if ((text.MarksOf(i) & MappedText.Marks.Silent) != 0) continue;
            if (Letters.IsWord(folded[i])) letters++;
            else if (EndsSentence(folded, i)) letters += SentenceEnd;
        }

        _before[folded.Length] = letters;
    }

    // A stop between single letters splits a word; one inside a number or a name ends nothing.
    private static bool EndsSentence(ReadOnlySpan<char> folded, int i) =>
        folded[i] is '.' or '!' or '?' && i >= 2
        && (Letters.IsWord(folded[i - 1])
            ? Letters.IsWord(folded[i - 2]) && (i + 1 == folded.Length || !Letters.IsSpelled(folded[i + 1])) && !BeginsRow(folded, i)
            : EndsSplitSentence(folded, i));

    // The first of the same stops that part a row of Chinese characters.
    private static bool BeginsRow(ReadOnlySpan<char> folded, int i) =>
        i + 2 < folded.Length && folded[i + 2] == folded[i] && Letters.IsHan(folded[i - 1])
        && SplitRow.After(folded, i, SplitRow.Shortest - 1) == SplitRow.Shortest - 1;

    // Where every Chinese character has a separator of its own, a stop besides it is a stop.
    private static bool EndsSplitSentence(ReadOnlySpan<char> folded, int i)
    {
        var han = i - 1;
        while (han > 0 && i - han <= LongestSeparator && !Letters.IsWord(folded[han])) han--;
        return han > 0 && Letters.IsHan(folded[han]) && folded[han - 1] == folded[i - 1];
    }

    public Stretch Measure(Stretch place) => place with { FirstLetter = _before[place.Start], LastLetter = _before[place.End] };
}
