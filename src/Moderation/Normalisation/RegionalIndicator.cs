namespace Aigc2d.Moderation.Normalisation;

/// <summary>The letters that flags are made of. Side by side they are flags, and read as a sign; one alone is a letter in disguise.</summary>
internal static class RegionalIndicator
{
    private const int First = 0x1F1E6;
    private const int Last = 0x1F1FF;

    private const string Flag = "\u2691";

    private static readonly string[] Letter = [.. Enumerable.Range('a', 26).Select(c => ((char)c).ToString())];

    public static bool IsOne(int codePoint) => codePoint is >= First and <= Last;

    public static string Read(ReadOnlySpan<char> text, int position)
    {
        var alone = !(position >= 2 && IsOne(At(text, position - 2))) && !(position + 3 < text.Length && IsOne(At(text, position + 2)));
        return alone ? Letter[At(text, position) - First] : Flag;
    }

    private static int At(ReadOnlySpan<char> text, int position) =>
        char.IsSurrogatePair(text[position], text[position + 1]) ? char.ConvertToUtf32(text[position], text[position + 1]) : 0;
}
