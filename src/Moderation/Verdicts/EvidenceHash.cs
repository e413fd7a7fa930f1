using System.Security.Cryptography;
using System.Text;
using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Verdicts;

/// <summary>
/// What is kept of a blocked text instead of the text: an HMAC-SHA256 of its folded form, so that the same text, however disguised, is known again and
/// nobody without the key can tell what it was.
/// </summary>
internal sealed class EvidenceHash
{
    private const int ShortestKey = 32;

    private readonly byte[] _key;

    /// <param name="key">The configured key, base64.</param>
    /// <exception cref="InvalidOperationException">The key is missing, no base64 or shorter than 32 bytes.</exception>
    public EvidenceHash(string? key)
    {
        var bytes = new byte[(key?.Length ?? 0) * 3 / 4 + 3];
        if (key is null || !Convert.TryFromBase64String(key, bytes, out var length) || length < ShortestKey)
            throw new InvalidOperationException($"Evidence:Key must be set to at least {ShortestKey} bytes in base64.");
        _key = bytes[..length];
    }

    /// <summary>An HMAC of a customer's own id of an end user, different for every account.</summary>
    public string OfEndUser(Guid accountId, string endUser) =>
        Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"end user {accountId} {endUser}")));

    /// <summary>An HMAC of an image's address.</summary>
    public string OfAddress(Uri address) => Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"image at {address.AbsoluteUri}")));

    /// <summary>An HMAC of an image's file, by its <c>data:</c> address.</summary>
    public string OfImage(ReadOnlySpan<byte> address) => ImageHash.Of(address, _key);

    /// <summary>An HMAC of exactly what an account has asked, different for every account.</summary>
    public string OfQuestion(Guid accountId, ReadOnlySpan<byte> question)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes($"question {accountId} "));
        hash.AppendData(question);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    public string Of(string text)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        var folded = new MappedText(4_096);
        Span<byte> bytes = stackalloc byte[4_096 * 3];
        var fold = new TextFold(text);
        while (!fold.AtEnd)
        {
            folded.Clear();
            fold.Fill(folded);
            hash.AppendData(bytes[..Encoding.UTF8.GetBytes(folded.Chars, bytes)]);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }
}
