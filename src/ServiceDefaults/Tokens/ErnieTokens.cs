namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>
/// The expected tokens of an ERNIE model, as the estimator of its official client has them: 0.625 for each Han character, one for each word of
/// anything else.
/// </summary>
public static class ErnieTokens
{
    private const int HanThousandths = 625;

    public static int Count(ReadOnlySpan<char> text)
    {
        long thousandths = 0;
        var isInWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isHan = IsHan(rune.Value);
            var isWord = !isHan && !System.Text.Rune.IsWhiteSpace(rune);
            if (isHan) thousandths += HanThousandths;
            else if (isWord && !isInWord) thousandths += 1_000;
            isInWord = isWord;
        }

        return (int)Math.Min(int.MaxValue, (thousandths + 999) / 1_000);
    }

    private static bool IsHan(int character) => character is (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF);
}
