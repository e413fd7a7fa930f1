using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>The size of an image that is in a request itself. Takes the bytes between the quotes of a JSON string as they are: some clients escape every slash or plus.</summary>
public static class InlineImage
{
    // Nearly every header is at the very beginning; a photograph's may stand behind other data about it.
    private const int FirstCharacters = 2 * 1024;
    private const int MostCharacters = 384 * 1024;
    private const int LongestMediaType = 200;

    /// <summary>The size in a <c>data:</c> URL; null for any other address, which is not followed.</summary>
    public static ImageSize? SizeOfDataUrl(ReadOnlySpan<byte> escaped)
    {
        var comma = escaped[..Math.Min(escaped.Length, LongestMediaType)].IndexOf((byte)',');
        return comma < 0 || !escaped.StartsWith("data:"u8) ? null : SizeOfBase64(escaped[(comma + 1)..]);
    }

    /// <summary>The size of the file whose bytes these characters are; null when they do not tell.</summary>
    public static ImageSize? SizeOfBase64(ReadOnlySpan<byte> escaped) =>
        Read(escaped, FirstCharacters) ?? (escaped.Length > FirstCharacters ? Read(escaped, MostCharacters) : null);

    private static ImageSize? Read(ReadOnlySpan<byte> escaped, int most)
    {
        var beginning = escaped[..Math.Min(escaped.Length, most)];
        var characters = ArrayPool<byte>.Shared.Rent(beginning.Length);
        var file = ArrayPool<byte>.Shared.Rent(beginning.Length);
        var length = Unescape(beginning, characters) / 4 * 4;
        Base64.DecodeFromUtf8(characters.AsSpan(0, length), file, out _, out var written);
        var size = ImageSize.Read(file.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(file);
        ArrayPool<byte>.Shared.Return(characters);
        return size;
    }

    private static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> characters)
    {
        var length = 0;
        while (escaped.IndexOf((byte)'\\') is var at and >= 0)
        {
            escaped[..at].CopyTo(characters[length..]);
            length += at;
            escaped = escaped[(at + 1)..];
            // The beginning of a longer text may end within an escape.
            if (escaped.IsEmpty) return length;

            var taken = 1;
            if (escaped[0] != (byte)'u') characters[length++] = escaped[0] is (byte)'n' or (byte)'r' or (byte)'t' ? (byte)' ' : escaped[0];
            else if (escaped.Length >= 5 && ushort.TryParse(escaped[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) && unit < 128) (characters[length++], taken) = ((byte)unit, 5);
            else return length;
            escaped = escaped[taken..];
        }

        escaped.CopyTo(characters[length..]);
        return length + escaped.Length;
    }
}
