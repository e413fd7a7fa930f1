using System.Security.Cryptography;
using System.Text;

namespace Aigc2d.Gateway.Admission;

/// <summary>The keyed hashes by which Billing recognises a repeated request.</summary>
/// <param name="KeyHash">HMAC-SHA256 of the client's key, hex.</param>
/// <param name="BodyHash">HMAC-SHA256 of the body, hex.</param>
internal sealed record IdempotencyMark(string KeyHash, string BodyHash);

/// <summary>Hashes idempotency keys and bodies with this deployment's secret, so that neither leaves the gateway.</summary>
internal sealed class IdempotencyMarks
{
    public const string Header = "Idempotency-Key";
    public const int LongestKey = 255;
    private readonly byte[] _secret;

    /// <exception cref="InvalidOperationException">The secret is missing or too short.</exception>
    public IdempotencyMarks(IConfiguration configuration)
    {
        var secret = new byte[128];
        if (configuration["Idempotency:Key"] is not { } base64 || !Convert.TryFromBase64String(base64, secret, out var length) || length < 32)
            throw new InvalidOperationException("Idempotency:Key must be set to at least 32 random bytes in base64, the same for every gateway.");

        _secret = secret[..length];
    }

    /// <summary>Whether a client's key can be used as one: printable ASCII, not too long.</summary>
    public static bool IsAcceptable(string key) => key.Length is > 0 and <= LongestKey && key.All(c => c is >= '!' and <= '~');

    public IdempotencyMark Of(string key, ReadOnlySpan<byte> body) =>
        new(Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.ASCII.GetBytes(key))), Convert.ToHexStringLower(HMACSHA256.HashData(_secret, body)));
}
