using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Aigc2d.Moderation.Verdicts;

/// <summary>
/// Makes an HMAC of an image's file out of the characters of its <c>data:</c> address: of its base64 alone, whatever kind of file it is called and however its
/// characters are escaped, padded or broken into lines.
/// </summary>
internal static class ImageHash
{
    // A backslash, a u, four digits.
    private const int LengthOfEscape = 6;
    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    public static string Of(ReadOnlySpan<byte> address, ReadOnlySpan<byte> key)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData("image "u8);
        for (var left = address[(address.IndexOf((byte)',') + 1)..]; !left.IsEmpty;)
        {
            var length = left.IndexOfAnyExcept(Base64);
            if (length < 0) length = left.Length;
            hash.AppendData(left[..length]);
            left = left[length..];
            if (left.IsEmpty) break;

            var (escaped, used) = left[0] == (byte)'\\' ? Unescape(left) : ((byte)0, 1);
            if (Base64.Contains(escaped)) hash.AppendData([escaped]);
            left = left[used..];
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>The character of an escape, and how many it takes; of those only a slash and units by their number can be base64.</summary>
    private static (byte Character, int Used) Unescape(ReadOnlySpan<byte> escape) => escape switch
    {
        [_, (byte)'u', ..] when escape.Length >= LengthOfEscape => (Utf8Parser.TryParse(escape[2..LengthOfEscape], out ushort unit, out _, 'x') && unit < 128 ? (byte)unit : (byte)0, LengthOfEscape),
        [_, (byte)'/', ..] => ((byte)'/', 2),
        _ => ((byte)0, Math.Min(2, escape.Length)),
    };
}
