using System.Globalization;
using System.Text;

namespace Aigc2d.Moderation.Normalisation;

/// <summary>Characters written by their numbers or names as programs and pages do: <c>&amp;#98;</c>, <c>&amp;lt;</c>, <c>\u0062</c>, <c>\x62</c>, <c>%u0062</c>, <c>U+0062</c>.</summary>
internal static class Escapes
{
    private const int MostDigits = 8;

    private static readonly (string Name, char Value)[] Named =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\''), ("&nbsp;", ' '), ("&lowbar;", '_'), ("&period;", '.')];

    /// <summary>How many characters of the text are taken by the escape that begins here, and how many it stands for; 0 for none.</summary>
    public static (int Taken, int Written) Read(ReadOnlySpan<char> text, int start, Span<char> decoded)
    {
        var rest = text[start..];
        return rest[0] switch
        {
            '&' => Entity(rest, decoded),
            '\\' => rest.Length < 2 ? default : rest[1] switch
            {
                'u' when rest.Length > 2 && rest[2] == '{' => Braced(rest, decoded),
                'u' => Number(rest, 2, 4, 4, decoded),
                'U' => Number(rest, 2, 8, 8, decoded),
                'x' => Number(rest, 2, 2, 2, decoded),
                _ => default,
            },
            '%' when rest.Length > 1 && rest[1] is 'u' or 'U' => Number(rest, 2, 4, 4, decoded),
            'U' or 'u' when rest.Length > 1 && rest[1] == '+' => Spaced(rest, Number(rest, 2, 4, 6, decoded)),
            _ => default,
        };
    }

    private static (int Taken, int Written) Entity(ReadOnlySpan<char> rest, Span<char> decoded)
    {
        if (rest.Length > 2 && rest[1] == '#')
        {
            var (taken, written) = rest[2] is 'x' or 'X' ? Number(rest, 3, 1, MostDigits, decoded) : Number(rest, 2, 1, MostDigits, decoded, NumberStyles.None);
            return written > 0 && taken < rest.Length && rest[taken] == ';' ? (taken + 1, written) : (taken, written);
        }

        foreach (var (name, value) in Named)
        {
            if (!rest.StartsWith(name, StringComparison.OrdinalIgnoreCase)) continue;
            decoded[0] = value;
            return (name.Length, 1);
        }

        return default;
    }

    private static (int Taken, int Written) Braced(ReadOnlySpan<char> rest, Span<char> decoded)
    {
        var (taken, written) = Number(rest, 3, 1, 6, decoded);
        return written > 0 && taken < rest.Length && rest[taken] == '}' ? (taken + 1, written) : default;
    }

    private static (int Taken, int Written) Number(
        ReadOnlySpan<char> rest, int digitsAt, int fewest, int most, Span<char> decoded, NumberStyles style = NumberStyles.AllowHexSpecifier)
    {
        var end = digitsAt;
        while (end < rest.Length && end - digitsAt < most && (style == NumberStyles.None ? char.IsAsciiDigit(rest[end]) : char.IsAsciiHexDigit(rest[end]))) end++;
        if (end - digitsAt < fewest || !int.TryParse(rest[digitsAt..end], style, CultureInfo.InvariantCulture, out var value)) return default;
        if (value is >= 0xD800 and <= 0xDFFF)
        {
            decoded[0] = (char)value;
            return (end, 1);
        }

        if (!Rune.TryCreate(value, out var rune) || (Rune.IsControl(rune) && value is not ('\n' or '\r' or '\t'))) return default;
        return (end, rune.EncodeToUtf16(decoded));
    }

    // "U+0062 U+006F": one space stands between numbers.
    private static (int Taken, int Written) Spaced(ReadOnlySpan<char> rest, (int Taken, int Written) number) =>
        number.Written > 0 && number.Taken + 2 < rest.Length && rest[number.Taken] == ' ' && rest[number.Taken + 1] is 'U' or 'u' && rest[number.Taken + 2] == '+'
            ? (number.Taken + 1, number.Written)
            : number;
}
