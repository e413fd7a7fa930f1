namespace Aigc2d.Moderation.Normalisation;

/// <summary>The letters that flags are made of. Two side by side are a flag; one alone is a letter in disguise.</summary>
internal static class RegionalIndicator
{
    private const int First = 0x1F1E6;
    private const int Last = 0x1F1FF;

    private static readonly string[] Letter = [.. Enumerable.Range('a', 26).Select(c => ((char)c).ToString())];

    public static bool IsOne(int codePoint) => codePoint is >= First and <= Last;

    /// <summary>The letter when no neighbour is one too, else null.</summary>
    public static string? AsLetter(ReadOnlySpan<char> text, int position)
    {
        var alone = !(position >= 2 && IsOne(At(text, position - 2))) && !(position + 3 < text.Length && IsOne(At(text, position + 2)));
        return alone ? Letter[At(text, position) - First] : null;
    }

    private static int At(ReadOnlySpan<char> text, int position) =>
        char.IsSurrogatePair(text[position], text[position + 1]) ? char.ConvertToUtf32(text[position], text[position + 1]) : 0;
}
