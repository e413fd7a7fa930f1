namespace Aigc2d.Moderation.Normalisation;

/// <summary>How one word with digits and symbols in it is read: some of them stand for one of two letters, and the word that comes out decides.</summary>
internal readonly record struct LeetWord
{
    private const char Unread = '\0';
    private const int MostDoubtful = 4;

    private char One { get; init; }

    /// <summary>Where, from the start of the word, the second letter is meant.</summary>
    private uint Second { get; init; }

    private bool IsKnown { get; init; }

    /// <summary>Whether signs that may be one of two letters are read by default.</summary>
    public bool IsUndecided => One != Unread && !IsKnown;

    public int End { get; private init; }

    /// <summary>Whether letters and signs stand mixed in it.</summary>
    public bool IsAltered { get; private init; }

    public int Work { get; private init; }

    /// <summary>A sign that stands alone like a word: "how can ! make".</summary>
    public static bool IsSign(ReadOnlySpan<char> chars, int i) =>
        chars[i] is '!' or '|' && (i == 0 || chars[i - 1] == ' ') && i + 1 < chars.Length && chars[i + 1] == ' ';

    /// <param name="chars">The text.</param>
    /// <param name="start">Where the word begins.</param>
    /// <param name="end">Where it ends without closing signs; the start for a sign alone.</param>
    /// <param name="one">What the digit one stands for where no word tells.</param>
    /// <param name="afterAltered">Whether the word before is altered.</param>
    /// <param name="words">The words that signs may hide.</param>
    public static LeetWord Read(ReadOnlySpan<char> chars, int start, int end, char one, bool afterAltered, Misspellings words)
    {
        var full = LeetReading.EndWithSigns(chars, start);
        var work = 0;
        var altered = IsMixed(chars[start..end]);

        // "3d" is no "ed".
        if (altered && words.Has(WordTable.HashOf(chars[start..end]))) return new() { End = end };
        if (LeetReading.HasLatin(chars[start..full]))
        {
            // What looks like closing punctuation may be a letter: "$ch00|".
            if (full > end && TryKnow(chars[start..full], words, ref work, out var second)) return new() { One = one, Second = second, IsKnown = true, End = full, IsAltered = true, Work = work };
            if (altered && TryKnow(chars[start..end], words, ref work, out second)) return new() { One = one, Second = second, IsKnown = true, End = end, IsAltered = true, Work = work };
            return new() { One = LeetReading.HasLatin(chars[start..end]) ? one : Unread, End = Math.Max(end, start + 1), IsAltered = altered, Work = work };
        }

        // A number is a word only among altered words: "h0w 70 m4k3".
        if (afterAltered || NextIsAltered(chars, full, ref work))
        {
            var afterApostrophe = start > 0 && chars[start - 1] == '\'';
            if (full - start == 1 && (afterApostrophe || chars[start] is '1' or '!' or '|' or '4' or '@')) return new() { One = 'i', End = full, IsAltered = true, Work = work };
            if (TryKnow(chars[start..full], words, ref work, out var second)) return new() { One = one, Second = second, IsKnown = true, End = full, IsAltered = true, Work = work };
        }

        return new() { End = Math.Max(end, start + 1), Work = work };
    }

    public char LetterOf(char c, int offset)
    {
        if (One == Unread) return c is '!' or '|' ? ' ' : c;
        if (IsKnown && IsDoubtful(c)) return (Second & (1u << offset)) != 0 ? SecondOf(c) : FirstOf(c);
        return LeetReading.AsLetter(c, One) is var letter && letter != Unread ? letter : c;
    }

    private static bool IsDoubtful(char c) => c is '1' or '|' or '!' or '6';

    private static char FirstOf(char c) => c == '6' ? 'b' : 'i';

    private static char SecondOf(char c) => c == '6' ? 'g' : 'l';

    private static bool IsMixed(ReadOnlySpan<char> token)
    {
        var (latin, signs) = (false, false);
        foreach (var c in token)
        {
            latin |= LeetReading.IsLatin(c);
            signs |= LeetReading.AsLetter(c, 'i') != Unread;
        }

        return latin && signs;
    }

    private static bool NextIsAltered(ReadOnlySpan<char> chars, int end, ref int work)
    {
        while (end < chars.Length && chars[end] == ' ') end++;
        var next = LeetReading.EndWithSigns(chars, end);
        work += next - end;
        return IsMixed(chars[end..next]);
    }

    // The words of the rules come before everyday ones.
    private static bool TryKnow(ReadOnlySpan<char> token, Misspellings words, ref int work, out uint second)
    {
        second = 0;
        if (token.Length is < 2 or > Misspellings.Longest) return false;
        var doubtful = 0;
        foreach (var c in token)
            if (IsDoubtful(c)) doubtful++;
        if (doubtful > MostDoubtful) return false;

        var everyday = false;
        for (var choice = 0; choice < 1 << doubtful; choice++)
        {
            work += token.Length;
            var (hash, places, left) = (0UL, 0u, choice);
            for (var i = 0; i < token.Length; i++)
            {
                var letter = LeetReading.AsLetter(token[i], 'i') is var read && read != Unread ? read : token[i];
                if (IsDoubtful(token[i]))
                {
                    if ((left & 1) != 0) (letter, places) = (SecondOf(token[i]), places | (1u << i));
                    left >>= 1;
                }

                hash = WordTable.Append(hash, letter);
            }

            if (words.Has(hash))
            {
                second = places;
                return true;
            }

            if (everyday || !CommonWords.Contains(hash)) continue;
            (everyday, second) = (true, places);
        }

        return everyday;
    }
}
