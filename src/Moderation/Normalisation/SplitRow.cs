namespace Aigc2d.Moderation.Normalisation;

/// <summary>Rows of Chinese characters that separators part from one another. Clauses of one character are rare, and two in a row hardly ever come: a longer row is one text, split.</summary>
internal static class SplitRow
{
    /// <summary>Characters that are a row in any text; the outer two may belong to longer clauses.</summary>
    public const int Shortest = 4;

    /// <summary>Wider gaps between Chinese characters are real ones.</summary>
    public const int WidestGap = 4;

    /// <summary>How many characters follow a place with a gap before each.</summary>
    /// <param name="folded">The text.</param>
    /// <param name="end">Behind a character.</param>
    /// <param name="most">How many to look for.</param>
    public static int After(ReadOnlySpan<char> folded, int end, int most)
    {
        var count = 0;
        while (count < most)
        {
            var i = end;
            while (i < folded.Length && i - end <= WidestGap && !Letters.IsWord(folded[i])) i++;
            if (i == end || i - end > WidestGap || i == folded.Length || !Letters.IsHan(folded[i])) break;
            (end, count) = (i + 1, count + 1);
        }

        return count;
    }

    /// <summary>How many characters come before a place with a gap after each.</summary>
    /// <param name="folded">The text.</param>
    /// <param name="start">Of a character.</param>
    /// <param name="most">How many to look for.</param>
    public static int Before(ReadOnlySpan<char> folded, int start, int most)
    {
        var count = 0;
        while (count < most)
        {
            var i = start - 1;
            while (i >= 0 && start - 1 - i <= WidestGap && !Letters.IsWord(folded[i])) i--;
            if (i == start - 1 || start - 1 - i > WidestGap || i < 0 || !Letters.IsHan(folded[i])) break;
            (start, count) = (i, count + 1);
        }

        return count;
    }
}
