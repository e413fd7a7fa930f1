using System.Text;

namespace Aigc2d.Moderation.Evaluation.Evasions;

/// <summary>Characters that look alike, characters that nobody sees, and words that are spaced out.</summary>
internal sealed class UnicodeAndSpacing : IEvasion
{
    private const string LatinLookedLike = "aceiopxyABCEHKMOPTX";
    private const string CyrillicAlike = "асеіорхуАВСЕНКМОРТХ";

    private static readonly string[] Unseen = ["\u200B", "\u200D", "\u2060", "\u00AD", "\uFEFF", "\u202A\u202C"];
    private static readonly string[] Marks = ["\u0301", "\u0336", "\u0323\u0307"];
    private static readonly string[] Separators = [" ", ".", "-", "_", "*", "·", "/"];

    // The small a of each mathematical or enclosed alphabet that has no holes.
    private static readonly int[] Alphabets = [0x1D41A, 0x1D4EA, 0x1D5BA, 0x1D5EE, 0x1D622, 0x1D68A, 0x24D0, 0x1F130, 0x1F150, 0x1F170];

    public string Family => "unicode and spacing";

    public string Disguise(string text, Random random) => random.Next(7) switch
    {
        0 => Each(text, c => c is > ' ' and < '\u007F' ? ((char)(c + 0xFEE0)).ToString() : c.ToString()),
        1 => After(text, Pick(Unseen, random)),
        2 => After(text, Pick(Marks, random)),
        3 => InAlphabet(text, Pick(Alphabets, random)),
        4 => Each(text, c => LatinLookedLike.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? CyrillicAlike[at].ToString() : c.ToString()),
        5 => SpacedOut(text, Pick(Separators, random)),
        _ => After(InAlphabet(text, Pick(Alphabets, random)), Pick(Marks, random)),
    };

    internal static T Pick<T>(T[] from, Random random) => from[random.Next(from.Length)];

    internal static string Each(string text, Func<char, string> apply)
    {
        var disguised = new StringBuilder(text.Length * 2);
        foreach (var c in text) disguised.Append(apply(c));
        return disguised.ToString();
    }

    private static string After(string text, string mark)
    {
        var disguised = new StringBuilder(text.Length * 2);
        foreach (var rune in text.EnumerateRunes()) disguised.Append(rune).Append(Rune.IsLetter(rune) || rune.Value > char.MaxValue ? mark : "");
        return disguised.ToString();
    }

    private static string InAlphabet(string text, int first) =>
        Each(text, c => char.IsAsciiLetter(c) ? char.ConvertFromUtf32(first + (c | 0x20) - 'a') : c.ToString());

    private static string SpacedOut(string text, string separator)
    {
        var gap = separator == " " ? "   " : " ";
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(gap, words.Select(word => string.Join(separator, word.EnumerateRunes())));
    }
}
