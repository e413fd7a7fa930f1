using System.Security.Cryptography;
using System.Text;

namespace Aigc2d.Accounts.Keys;

/// <summary>Makes keys and the keyed hashes they are stored as. A key looks like <c>AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f379</c>.</summary>
internal sealed class ApiKey
{
    /// <summary>The version of the pepper that new hashes are made with.</summary>
    public const int PepperVersion = 1;

    public const int MaxLength = 256;
    private const string Prefix = "AIGC2D-";
    private const int ShortestPepper = 32;
    private readonly byte[] _pepper;

    /// <exception cref="InvalidOperationException">The pepper is missing or too short.</exception>
    public ApiKey(IConfiguration configuration)
    {
        if (configuration["Keys:Pepper"] is not { Length: >= ShortestPepper } pepper)
            throw new InvalidOperationException($"Keys:Pepper must be set to at least {ShortestPepper} random characters; it must never change while keys exist.");

        _pepper = Encoding.UTF8.GetBytes(pepper);
    }

    /// <summary>A new key: a random version 4 UUID behind the prefix.</summary>
    public static string New()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        random[6] = (byte)((random[6] & 0x0F) | 0x40);
        random[8] = (byte)((random[8] & 0x3F) | 0x80);
        return Prefix + new Guid(random, bigEndian: true).ToString();
    }

    public static string Last4(string key) => key[^4..];

    public byte[] HashOf(string key) => HMACSHA256.HashData(_pepper, Encoding.UTF8.GetBytes(key));
}
