namespace Aigc2d.Moderation.Normalisation;

/// <summary>
/// Puts spaced-out words together again: "b o m b", "b.o.m.b", "b-o-m-b r-e-c-i-p-e". The separator met most often stands between letters; any other one is
/// the gap between words. With one separator only, nobody can tell where words end, and the letters are marked as loose.
/// </summary>
internal static class SpacedReading
{
    private const int FewestLetters = 3;

    /// <summary>Whether the text has anything spaced out.</summary>
    public static bool Applies(ReadOnlySpan<char> chars)
    {
        var letters = 0;
        for (var i = 0; i < chars.Length; i++)
        {
            if (!Letters.IsWord(chars[i])) continue;
            letters = IsSingle(chars, i) ? letters + 1 : 0;
            if (letters == FewestLetters) return true;
        }

        return false;
    }

    public static void Write(MappedText folded, MappedText output)
    {
        output.Clear();
        var chars = folded.Chars;
        for (var i = 0; i < chars.Length;)
        {
            var end = EndOfZone(chars, i, out var letters);
            if (letters >= FewestLetters)
            {
                Join(chars[i..end], i, output);
                i = end;
            }
            else
            {
                // A zone begins where a word begins: leave the rest of this word, or this separator, as it is.
                do output.Append(chars[i], i);
                while (++i < chars.Length && Letters.IsWord(chars[i]) && Letters.IsWord(chars[i - 1]) && Letters.IsHan(chars[i]) == Letters.IsHan(chars[i - 1]));
            }
        }
    }

    private static int EndOfZone(ReadOnlySpan<char> chars, int start, out int letters)
    {
        letters = 0;
        var end = start;
        var i = start;
        while (IsSingle(chars, i))
        {
            letters++;
            end = ++i;
            while (i < chars.Length && !Letters.IsWord(chars[i])) i++;
        }

        return end;
    }

    private static bool IsSingle(ReadOnlySpan<char> chars, int i) =>
        i < chars.Length && Letters.IsSpelled(chars[i])
        && (i == 0 || !Letters.IsSpelled(chars[i - 1]))
        && (i + 1 == chars.Length || !Letters.IsSpelled(chars[i + 1]));

    private static void Join(ReadOnlySpan<char> zone, int offset, MappedText output)
    {
        var usual = UsualSeparator(zone, out var only);
        var marks = MappedText.Marks.Joined | (only ? MappedText.Marks.Loose : MappedText.Marks.None);
        for (var i = 0; i < zone.Length;)
        {
            output.Append(zone[i], offset + i, marks);
            var gap = Gap(zone, ++i);
            if (gap.Length > 0 && !gap.SequenceEqual(usual) && !IsApostrophe(gap, usual)) output.Append(' ', offset + i, marks);
            i += gap.Length;
        }
    }

    // "d.o.n.'.t" is one word.
    private static bool IsApostrophe(ReadOnlySpan<char> gap, ReadOnlySpan<char> usual) =>
        gap.Length == 2 * usual.Length + 1 && gap[usual.Length] == '\'' && gap.StartsWith(usual) && gap.EndsWith(usual);

    // A majority vote in one pass; when no separator has the majority, which one wins does not matter.
    private static ReadOnlySpan<char> UsualSeparator(ReadOnlySpan<char> zone, out bool only)
    {
        ReadOnlySpan<char> candidate = Gap(zone, 1);
        var first = candidate;
        var lead = 0;
        only = true;
        for (var i = 1; i < zone.Length;)
        {
            var gap = Gap(zone, i);
            only &= gap.SequenceEqual(first);
            if (gap.SequenceEqual(candidate)) lead++;
            else if (lead-- == 0)
            {
                candidate = gap;
                lead = 1;
            }

            i += gap.Length + 1;
        }

        return candidate;
    }

    private static ReadOnlySpan<char> Gap(ReadOnlySpan<char> zone, int start)
    {
        var end = start;
        while (end < zone.Length && !Letters.IsWord(zone[end])) end++;
        return zone[start..end];
    }
}
