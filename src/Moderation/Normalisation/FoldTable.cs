using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Aigc2d.Moderation.Normalisation;

/// <summary>
/// What every character is read as: lower case, compatibility forms and look-alikes as plain letters, traditional Chinese as simplified, marks and
/// invisible characters gone. What the table answers is a fixed point: folding it again changes nothing.
/// </summary>
internal sealed class FoldTable
{
    /// <summary>The answer for a character that leaves nothing behind.</summary>
    public const char Removed = '\0';

    /// <summary>The answer for a character that becomes several: see <see cref="Several"/>.</summary>
    public const char Expands = '\uFFFF';

    public static readonly FoldTable Instance = new();

    private readonly char[] _single = new char[char.MaxValue + 1];
    private readonly FrozenDictionary<int, string> _several;
    private readonly FrozenDictionary<int, string> _supplementary;

    private FoldTable()
    {
        var compatible = FoldData.Compatibility();
        var alike = FoldData.Confusables();
        var simplified = FoldData.Simplified();
        string? Next(Rune rune) =>
            alike.GetValueOrDefault(rune.Value) ?? compatible.GetValueOrDefault(rune.Value) ?? simplified.GetValueOrDefault(rune.Value) ?? LowerCase(rune);

        var several = new Dictionary<int, string>();
        for (var unit = 0; unit <= char.MaxValue; unit++)
        {
            if (!Rune.IsValid(unit))
            {
                _single[unit] = (char)Rune.ReplacementChar.Value;
                continue;
            }

            // Most characters are letters without case or form, and what they are read as is themselves.
            var rune = new Rune(unit);
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherLetter && !IsInvisible(rune) && Next(rune) is null)
            {
                _single[unit] = (char)unit;
                continue;
            }

            var text = Resolve(rune, Next);
            _single[unit] = text.Length switch { 0 => Removed, 1 => text[0], _ => Expands };
            if (text.Length > 1) several[unit] = text;
        }

        _several = several.ToFrozenDictionary();
        _supplementary = compatible.Keys.Concat(alike.Keys).Where(c => c > char.MaxValue).Distinct()
            .ToFrozenDictionary(c => c, c => Resolve(new Rune(c), Next));
    }

    public char Of(char unit) => _single[unit];

    public string Several(char unit) => _several[unit];

    /// <summary>What a character outside the basic plane is read as; null when it stays as it is.</summary>
    public string? Supplementary(int codePoint) =>
        _supplementary.TryGetValue(codePoint, out var text) ? text : IsInvisible(new Rune(codePoint)) ? "" : null;

    private static string Resolve(Rune rune, Func<Rune, string?> next)
    {
        if (next(rune) is { } step)
        {
            var text = new StringBuilder();
            foreach (var part in step.EnumerateRunes()) text.Append(Resolve(part, next));
            return text.ToString();
        }

        if (rune.Value is '\n' or 0x2028 or 0x2029) return "\n";
        if (Rune.IsWhiteSpace(rune) || rune.Value == 0x2800) return " ";
        if (IsInvisible(rune)) return "";
        return Digit(rune) ?? rune.ToString();
    }

    // Digits of every script, and those in black circles.
    private static string? Digit(Rune rune) =>
        !rune.IsAscii && Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber
        && Rune.GetNumericValue(rune) is >= 0 and <= 9 and var value && value == Math.Truncate(value) ? ((char)('0' + (int)value)).ToString() : null;

    private static string? LowerCase(Rune rune) => Rune.ToLowerInvariant(rune) is var lower && lower != rune ? lower.ToString() : null;

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control
        || rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2065 or 0xFFFF;
}
