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

    /// <param name="source">The folded text, or the spaced reading of it.</param>
    /// <param name="sourceIsFolded">Which of the two.</param>
    /// <param name="one">What the digit one stands for: i or l.</param>
    /// <param name="output">Takes the reading.</param>
    public static void Write(MappedText source, bool sourceIsFolded, char one, MappedText output)
    {
        output.Clear();
        var chars = source.Chars;
        for (var i = 0; i < chars.Length;)
        {
            var end = EndOfToken(chars, i);
            if (end == i)
            {
                if (Letters.IsHan(chars[i])) output.Append(chars[i], sourceIsFolded ? i : source.OriginOf(i), source.MarksOf(i));
                else if (output.Length > 0 && output[output.Length - 1] != ' ') output.Append(' ', sourceIsFolded ? i : source.OriginOf(i), source.MarksOf(i));
                i++;
                continue;
            }

            var read = HasLatin(chars[i..end]);
            while (i < end) i = WriteRun(source, sourceIsFolded, i, end, read ? one : Removed, output);
        }
    }

    private const char Removed = '\0';

    private static int WriteRun(MappedText source, bool sourceIsFolded, int start, int end, char one, MappedText output)
    {
        char Read(char c) => one != Removed && AsLetter(c, one) is var letter && letter != Removed ? letter : c;

        var value = Read(source[start]);
        var marks = source.MarksOf(start);
        var i = start;
        for (; i < end && Read(source[i]) == value; i++)
            if (source[i] != value) marks |= MappedText.Marks.Altered;
        if (i - start >= Stretched) marks |= MappedText.Marks.Altered;
        output.Append(value, sourceIsFolded ? start : source.OriginOf(start), marks);
        return i;
    }

    private static int EndOfToken(ReadOnlySpan<char> chars, int start)
    {
        var end = start;
        while (end < chars.Length && (Letters.IsSpelled(chars[end]) || AsLetter(chars[end], 'i') != Removed)) end++;

        // Closing punctuation is not a letter: "bomb!" ends with b.
        while (end > start && chars[end - 1] is '!' or '|' or '+' or '(' or '<') end--;
        return end;
    }

    private static bool HasLatin(ReadOnlySpan<char> token) => token.IndexOfAnyInRange('a', 'z') >= 0;

    private static bool IsLatin(char c) => c is >= 'a' and <= 'z';

    private static char AsLetter(char c, char one) => c switch
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
}
