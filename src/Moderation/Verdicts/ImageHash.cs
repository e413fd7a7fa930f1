using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Aigc2d.Moderation.Verdicts;

/// <summary>
/// Makes an HMAC of an image's file out of the characters of its <c>data:</c> address while they pass: of its base64 alone, whatever kind of file it is called
/// and however its characters are escaped, padded or broken into lines.
/// </summary>
internal sealed class ImageHash : IDisposable
{
    // A backslash, a u, four digits.
    private const int LengthOfEscape = 6;
    private static readonly SearchValues<byte> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    private readonly IncrementalHash _hash;
    private bool _isInFile;
    private int _inEscape;
    private int _escaped;

    public ImageHash(ReadOnlySpan<byte> key)
    {
        _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        _hash.AppendData("image "u8);
    }

    public void Append(ReadOnlySpan<byte> characters)
    {
        if (!_isInFile)
        {
            var comma = characters.IndexOf((byte)',');
            if (comma < 0) return;
            _isInFile = true;
            characters = characters[(comma + 1)..];
        }

        while (!characters.IsEmpty)
        {
            if (_inEscape > 0)
            {
                TakeEscaped((char)characters[0]);
                characters = characters[1..];
                continue;
            }

            var length = characters.IndexOfAnyExcept(Base64);
            if (length < 0) length = characters.Length;
            _hash.AppendData(characters[..length]);
            if (length == characters.Length) return;
            if (characters[length] == (byte)'\\') _inEscape = 1;
            characters = characters[(length + 1)..];
        }
    }

    public string End() => Convert.ToBase64String(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    /// <summary>Takes the next character of an escape; of those only a slash and units by their number can be base64.</summary>
    private void TakeEscaped(char character)
    {
        if (_inEscape == 1)
        {
            if (character == '/') _hash.AppendData("/"u8);
            (_inEscape, _escaped) = (character == 'u' ? 2 : 0, 0);
            return;
        }

        _escaped = (_escaped << 4) + (int.TryParse([character], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit) ? digit : 0);
        if (++_inEscape < LengthOfEscape) return;

        _inEscape = 0;
        if (_escaped < 128 && Base64.Contains((byte)_escaped)) _hash.AppendData([(byte)_escaped]);
    }
}
