namespace Aigc2d.Moderation.Normalisation;

/// <summary>
/// A second reading that takes digits and symbols inside words for letters and each run of a letter for one letter. Matches are looked for with terms
/// squeezed the same way and count only where something was altered, so ordinary text reads as before.
/// </summary>
internal static class LeetReading
{
    private const int Stretched = 3;

    /// <summary>Whether the text has anything that this reading would read differently.</summary>
    public static bool Applies(ReadOnlySpan<char> chars)
    {
        for (var i = 1; i < chars.Length; i++)
        {
            var (previous, current) = (chars[i - 1], chars[i]);
            if (IsLatin(previous) && AsLetter(current, 'i') != Removed) return true;
            if (IsLatin(current) && AsLetter(previous, 'i') != Removed) return true;
            if (i > 1 && current == previous && current == chars[i - 2] && Letters.IsSpelled(current)) return true;
        }

        return false;
    }

    /// <summary>Makes the reading; answers how much was looked at, and whether the digit one might have meant another letter somewhere.</summary>
    /// <param name="source">The folded text, or the spaced reading of it.</param>
    /// <param name="sourceIsFolded">Which of the two.</param>
    /// <param name="one">What the digit one stands for where no word tells: i or l.</param>
    /// <param name="words">The words that signs may hide.</param>
    /// <param name="output">Takes the reading.</param>
    public static (long Work, bool IsDoubtful) Write(MappedText source, bool sourceIsFolded, char one, Misspellings words, MappedText output)
    {
        output.Clear();
        var chars = source.Chars;
        var (work, doubtful) = ((long)chars.Length, false);
        var afterAltered = false;
        for (var i = 0; i < chars.Length;)
        {
            var end = EndOfToken(chars, i);
            if (end == i && !LeetWord.IsSign(chars, i))
            {
                if (Letters.IsHan(chars[i])) output.Append(chars[i], sourceIsFolded ? i : source.OriginOf(i), source.MarksOf(i));
                else if (output.Length > 0 && output[output.Length - 1] != ' ' && !JoinsWords(chars, i)) output.Append(' ', sourceIsFolded ? i : source.OriginOf(i), source.MarksOf(i));
                i++;
                continue;
            }

            var word = LeetWord.Read(chars, i, end, one, afterAltered, words);
            work += word.Work;
            doubtful |= word.IsUndecided && HasOne(chars[i..word.End]);
            for (var start = i; i < word.End;) i = WriteRun(source, sourceIsFolded, start, i, word, output);
            afterAltered = word.IsAltered;
        }

        return (work, doubtful);
    }

    /// <summary>The end of the word that begins here, altered or not.</summary>
    public static int EndOfToken(ReadOnlySpan<char> chars, int start)
    {
        var end = EndWithSigns(chars, start);

        // Closing punctuation is not a letter: "bomb!" ends with b.
        while (end > start && chars[end - 1] is '!' or '|' or '+' or '(' or '<') end--;
        return end;
    }

    /// <summary>The end of the letters, digits and signs that begin here.</summary>
    public static int EndWithSigns(ReadOnlySpan<char> chars, int start)
    {
        var end = start;
        while (end < chars.Length && (Letters.IsSpelled(chars[end]) || AsLetter(chars[end], 'i') != Removed)) end++;
        return end;
    }

    /// <summary>Whether there is a letter among digits and symbols, without which they are just that.</summary>
    public static bool HasLatin(ReadOnlySpan<char> token)
    {
        foreach (var c in token)
            if (IsLatin(c)) return true;
        return false;
    }

    public static bool IsLatin(char c) => c is >= 'a' and <= 'z';

    /// <summary>The letter that a digit or symbol may stand for; the null character for none.</summary>
    public static char AsLetter(char c, char one) => c switch
    {
        '0' => 'o',
        '1' or '|' => one,
        '!' => 'i',
        '2' => 'z',
        '3' or '€' => 'e',
        '4' or '@' or '₳' => 'a',
        '5' or '$' or '₴' => 's',
        '6' or '8' or '₿' or '฿' => 'b',
        '7' or '+' or '₮' => 't',
        '9' or '₲' => 'g',
        '(' or '<' or '¢' or '₵' => 'c',
        '£' => 'l',
        '¥' => 'y',
        '₦' => 'n',
        '₩' => 'w',
        '₱' => 'p',
        '₭' => 'k',
        '₥' => 'm',
        _ => Removed,
    };

    private const char Removed = '\0';

    private static bool HasOne(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
            if (c is '1' or '|') return true;
        return false;
    }

    // "someone's" is written without it in the terms.
    private static bool JoinsWords(ReadOnlySpan<char> chars, int i) =>
        chars[i] == '\'' && i > 0 && Letters.IsSpelled(chars[i - 1]) && i + 1 < chars.Length && EndOfToken(chars, i + 1) > i + 1;

    private static int WriteRun(MappedText source, bool sourceIsFolded, int wordStart, int start, LeetWord word, MappedText output)
    {
        var value = word.LetterOf(source[start], start - wordStart);
        var marks = source.MarksOf(start);
        var i = start;
        for (; i < word.End && word.LetterOf(source[i], i - wordStart) == value; i++)
            if (source[i] != value) marks |= MappedText.Marks.Altered;
        if (i - start >= Stretched) marks |= MappedText.Marks.Altered;
        output.Append(value, sourceIsFolded ? start : source.OriginOf(start), marks);
        return i;
    }
}
