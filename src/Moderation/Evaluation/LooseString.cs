using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>Reads strings that JSON's grammar allows and Unicode does not: an escaped half of a surrogate pair stays what it is.</summary>
internal static class LooseString
{
    public static string Read(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(reader.ValueSpan);
        }
    }

    /// <summary>Whether the reader is at a member of this name.</summary>
    public static bool IsName(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped ? Read(ref reader) == Encoding.UTF8.GetString(name) : reader.ValueTextEquals(name);

    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (escaped.IndexOf((byte)'\\') is var at and >= 0)
        {
            text.Append(Encoding.UTF8.GetString(escaped[..at]));
            var isUnit = escaped[at + 1] == 'u';
            text.Append(isUnit ? (char)ushort.Parse(escaped.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : Single(escaped[at + 1]));
            escaped = escaped[(at + (isUnit ? 6 : 2))..];
        }

        return text.Append(Encoding.UTF8.GetString(escaped)).ToString();
    }

    private static char Single(byte escape) => escape switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => (char)escape,
    };
}
