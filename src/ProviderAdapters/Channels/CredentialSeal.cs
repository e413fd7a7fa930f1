using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>The keys that seal provider credentials. A new key gets a new version; the old one stays readable among the retired.</summary>
public sealed class CredentialOptions
{
    /// <summary>32 random bytes in base64; new credentials are sealed with it.</summary>
    public string Key { get; set; } = "";

    /// <summary>The version of <see cref="Key"/>, 1 to 255.</summary>
    public byte KeyVersion { get; set; } = 1;

    /// <summary>Earlier keys by version, base64.</summary>
    public Dictionary<byte, string> RetiredKeys { get; } = [];
}

/// <summary>Seals credentials for the table with AES-GCM: key version, nonce, tag, text. Bound to the channel, so a sealed value cannot be moved to another. Every call has a cipher of its own: <see cref="AesGcm"/> is not safe for two threads.</summary>
public sealed class CredentialSeal
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeaderBytes = 1 + NonceBytes + TagBytes;

    private readonly byte _version;
    private readonly Dictionary<byte, byte[]> _keys = [];

    /// <exception cref="OptionsValidationException">A key is missing or not 32 bytes of base64.</exception>
    public CredentialSeal(IOptions<CredentialOptions> options)
    {
        _version = options.Value.KeyVersion;
        foreach (var (version, key) in options.Value.RetiredKeys) _keys[version] = KeyOf(key);
        _keys[_version] = KeyOf(options.Value.Key);
    }

    public byte[] Seal(Guid channelId, string credential)
    {
        var text = Encoding.UTF8.GetBytes(credential);
        var result = new byte[HeaderBytes + text.Length];
        result[0] = _version;
        var nonce = result.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_keys[_version], TagBytes);
        cipher.Encrypt(nonce, text, result.AsSpan(HeaderBytes), result.AsSpan(1 + NonceBytes, TagBytes), channelId.ToByteArray());
        return result;
    }

    /// <exception cref="CryptographicException">The key is unknown, or the sealed value was changed or belongs to another channel.</exception>
    public string Open(Guid channelId, ReadOnlySpan<byte> sealedCredential)
    {
        if (sealedCredential.Length < HeaderBytes || !_keys.TryGetValue(sealedCredential[0], out var key))
            throw new CryptographicException($"The credential of channel {channelId} is sealed with a key that is not configured.");

        var text = new byte[sealedCredential.Length - HeaderBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(sealedCredential.Slice(1, NonceBytes), sealedCredential[HeaderBytes..], sealedCredential.Slice(1 + NonceBytes, TagBytes), text, channelId.ToByteArray());
        return Encoding.UTF8.GetString(text);
    }

    private static byte[] KeyOf(string base64)
    {
        var key = new byte[KeyBytes + 1];
        return Convert.TryFromBase64String(base64, key, out var length) && length == KeyBytes
            ? key[..KeyBytes]
            : throw new OptionsValidationException("Credentials", typeof(CredentialOptions), ["Credentials:Key must be 32 random bytes in base64."]);
    }
}
