using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>The ways in which a Chinese term is written in syllables: by each reading of its characters, and as its letters are cut when they stand together.</summary>
internal static class PinyinSpellings
{
    // Of many characters with several readings only the usual ones are tried.
    private const int Most = 6;

    private static readonly PinyinSyllables Syllables = PinyinSyllables.Instance;

    public static IEnumerable<string> Of(string term)
    {
        if (!term.All(Letters.IsHan)) return [];
        IEnumerable<string> spellings = [""];
        foreach (var han in term) spellings = spellings.SelectMany(before => Syllables.AllOf(han).Select(syllable => before + syllable)).Take(Most).ToArray();
        return spellings.Concat(spellings.Select(Together)).Where(spelling => spelling.Length > 0).Distinct();
    }

    private static string Together(string spelling)
    {
        var letters = string.Concat(spelling.Select(Syllables.SpellingOf));
        var (starts, cut) = (new int[PinyinSyllables.LongestWord], new char[PinyinSyllables.LongestWord]);
        var count = letters.Length > PinyinSyllables.LongestWord ? 0 : Syllables.Cut(letters, starts, cut);
        Array.Reverse(cut, 0, count);
        return new string(cut, 0, count);
    }
}
