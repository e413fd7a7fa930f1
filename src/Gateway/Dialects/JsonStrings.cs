using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Aigc2d.Gateway.Dialects;

/// <summary>Finds in a raw JSON string what no UTF-8 text can hold (half a surrogate pair) or what databases refuse (NUL).</summary>
internal static class JsonStrings
{
    /// <summary>What is wrong with the escapes of a string token, in words, or null.</summary>
    /// <param name="raw">The bytes between the quotes. The reader has already made sure that each escape is complete.</param>
    public static string? FaultOf(ReadOnlySpan<byte> raw)
    {
        while (raw.IndexOf((byte)'\\') is var escape && escape >= 0)
        {
            if (raw[escape + 1] != (byte)'u')
            {
                raw = raw[(escape + 2)..];
                continue;
            }

            var unit = UnitAt(raw, escape);
            raw = raw[(escape + 6)..];
            if (unit == 0) return "must not contain the NUL character";
            if (char.IsLowSurrogate(unit)) return LoneSurrogate;
            if (!char.IsHighSurrogate(unit)) continue;

            if (raw.Length < 6 || raw[0] != (byte)'\\' || raw[1] != (byte)'u' || !char.IsLowSurrogate(UnitAt(raw, 0))) return LoneSurrogate;

            raw = raw[6..];
        }

        return null;
    }

    /// <summary>Whether a name is free of control, format, private and unassigned characters, so that it looks like what it is.</summary>
    public static bool IsPlainName(string name)
    {
        foreach (var character in name.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) return false;
        }

        return true;
    }

    private static char UnitAt(ReadOnlySpan<byte> raw, int escape) =>
        Utf8Parser.TryParse(raw.Slice(escape + 2, 4), out ushort unit, out _, 'x') ? (char)unit : '\0';

    private const string LoneSurrogate = "must not contain half of a surrogate pair";
}
