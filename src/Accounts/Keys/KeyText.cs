using System.Security.Cryptography;

namespace Aigc2d.Accounts.Keys;

/// <summary>How keys are written.</summary>
internal static class KeyText
{
    private const string Prefix = "AIGC2D-";

    /// <summary>A new key: the prefix and a random UUID (version 4, 122 random bits).</summary>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return Prefix + new Guid(bytes, bigEndian: true).ToString("D");
    }

    /// <summary>What a key may be told apart by after it has been shown once.</summary>
    public static string Last4(string key) => key[^4..];
}
