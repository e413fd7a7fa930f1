namespace Aigc2d.Moderation.Normalisation;

/// <summary>The words of a text with one space between them. Apostrophes go, and so does what stands between two Chinese characters.</summary>
internal static class WordReading
{
    public static void Write(MappedText source, bool sourceIsFolded, MappedText output)
    {
        output.Clear();
        var chars = source.Chars;
        var gap = 0;
        for (var i = 0; i < chars.Length; i++)
        {
            var c = chars[i];
            if (!Letters.IsWord(c))
            {
                gap++;
                continue;
            }

            if (gap > 0)
            {
                if (!Vanishes(chars, i, gap)) output.Append(' ', sourceIsFolded ? i - 1 : source.OriginOf(i - 1), source.MarksOf(i - 1));
                gap = 0;
            }

            output.Append(c, sourceIsFolded ? i : source.OriginOf(i), source.MarksOf(i));
        }
    }

    private static bool Vanishes(ReadOnlySpan<char> chars, int next, int gap)
    {
        if (next == gap) return true;
        var previous = chars[next - gap - 1];
        if (gap == 1 && chars[next - 1] == '\'') return true;
        return gap <= SplitRow.WidestGap && Letters.IsHan(previous) && Letters.IsHan(chars[next]);
    }
}
