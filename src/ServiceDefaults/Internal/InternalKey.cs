using System.Security.Cryptography;
using System.Text;

namespace Aigc2d.ServiceDefaults.Internal;

/// <summary>The secret that the services of one deployment share, and the header value that proves who is calling.</summary>
public sealed class InternalKey
{
    private readonly byte[] _secret;

    /// <param name="base64">At least 32 bytes in base64 (<c>InternalAuth:Key</c>).</param>
    /// <param name="name">The name of this service.</param>
    /// <exception cref="InvalidOperationException">The key is missing or too short.</exception>
    public InternalKey(string? base64, string name)
    {
        var secret = new byte[128];
        if (base64 is null || !Convert.TryFromBase64String(base64, secret, out var length) || length < 32)
            throw new InvalidOperationException("InternalAuth:Key must be set to at least 32 random bytes in base64, the same for every service.");

        _secret = secret[..length];
        HeaderValue = $"{name}.{ProofOf(name)}";
    }

    /// <summary>What this service sends in <see cref="Contracts.CallHeaders.Internal"/>.</summary>
    public string HeaderValue { get; }

    /// <summary>The name of the calling service, or null when the header proves nothing. Takes the same time either way.</summary>
    public string? CallerOf(string? header)
    {
        var dot = header?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot is < 1 or > 40) return null;

        var name = header![..dot];
        var proven = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(header[(dot + 1)..]), Encoding.ASCII.GetBytes(ProofOf(name)));
        return proven ? name : null;
    }

    private string ProofOf(string name) => Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(name)));
}
