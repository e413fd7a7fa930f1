using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aigc2d.Accounts.Keys;

/// <summary>
/// The secrets under which keys are hashed. <c>Keys:Pepper</c> is in force under the version <c>Keys:PepperVersion</c> (1 by default); after a rotation the
/// older ones stay readable under <c>Keys:OlderPeppers:{version}</c> until no key uses them.
/// </summary>
internal sealed class KeyPeppers
{
    private const int ShortestPepper = 32;

    private readonly byte[][] _peppers;

    private KeyPeppers(int version, byte[][] peppers) => (Version, _peppers) = (version, peppers);

    /// <summary>The version that new keys are hashed under.</summary>
    public int Version { get; }

    /// <exception cref="InvalidOperationException">A pepper is missing, no base64 or shorter than 32 bytes.</exception>
    public static KeyPeppers Read(IConfiguration configuration)
    {
        var version = int.Parse(configuration["Keys:PepperVersion"] ?? "1", CultureInfo.InvariantCulture);
        var older = configuration.GetSection("Keys:OlderPeppers").GetChildren().Select(child => Decode($"Keys:OlderPeppers:{child.Key}", child.Value));
        return new KeyPeppers(version, [Decode("Keys:Pepper", configuration["Keys:Pepper"]), .. older]);
    }

    /// <summary>The hash that a new key is kept as.</summary>
    public byte[] Hash(string key) => HMACSHA256.HashData(_peppers[0], Encoding.UTF8.GetBytes(key));

    /// <summary>The hashes that a presented key may be kept as: the same work for every key, known or not.</summary>
    public byte[][] AllHashes(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return [.. _peppers.Select(pepper => HMACSHA256.HashData(pepper, bytes))];
    }

    private static byte[] Decode(string name, string? value)
    {
        var bytes = new byte[(value?.Length ?? 0) * 3 / 4 + 3];
        if (value is null || !Convert.TryFromBase64String(value, bytes, out var length) || length < ShortestPepper)
            throw new InvalidOperationException($"{name} must be set to at least {ShortestPepper} bytes in base64.");
        return bytes[..length];
    }
}
