using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>Reads JSON strings as they are, halves of surrogate pairs included, which the framework's readers refuse.</summary>
public static class JsonText
{
    /// <summary>The text of a string; the empty text for anything else.</summary>
    public static string Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return "";
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return Unescape(raw[1..^1]);
    }

    /// <summary>Unescapes the valid UTF-8 between the quotes of a valid JSON string.</summary>
    public static string Unescape(ReadOnlySpan<byte> escaped)
    {
        if (escaped.IndexOf((byte)'\\') < 0) return Encoding.UTF8.GetString(escaped);

        var text = new StringBuilder(escaped.Length);
        while (escaped.IndexOf((byte)'\\') is var at and >= 0)
        {
            text.Append(Encoding.UTF8.GetString(escaped[..at]));
            var isUnit = escaped[at + 1] == (byte)'u';
            text.Append(isUnit ? (char)ushort.Parse(escaped.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : Escaped(escaped[at + 1]));
            escaped = escaped[(at + (isUnit ? 6 : 2))..];
        }

        return text.Append(Encoding.UTF8.GetString(escaped)).ToString();
    }

    private static char Escaped(byte letter) => (char)letter switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\b',
        'f' => '\f',
        var other => other,
    };
}
