using System.Globalization;

namespace Aigc2d.Accounts;

/// <summary>What names may be made of: text that shows as what it is, wherever it is shown.</summary>
internal static class PlainText
{
    public static bool IsName(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && !string.IsNullOrWhiteSpace(text) && text == text.Trim() && text.EnumerateRunes().All(Shows);

    private static bool Shows(System.Text.Rune rune) =>
        rune != System.Text.Rune.ReplacementChar
        && System.Text.Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned)
        && rune.Value is not (0x061C or 0x200B or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2069) or 0xFEFF);
}
