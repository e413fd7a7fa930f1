using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.ServiceDefaults.Hashing;

/// <summary>
/// The secrets under which keys or codes are hashed. <c>{section}:Pepper</c> is in force under the version <c>{section}:PepperVersion</c> (1 by default);
/// after a rotation the older ones stay readable under <c>{section}:OlderPeppers:{version}</c> until nothing uses them.
/// </summary>
public sealed class Peppers
{
    private const int ShortestPepper = 32;

    private readonly byte[][] _peppers;

    private Peppers(int version, byte[][] peppers) => (Version, _peppers) = (version, peppers);

    /// <summary>The version that new texts are hashed under.</summary>
    public int Version { get; }

    /// <summary>Reads the peppers of a configuration section.</summary>
    /// <exception cref="InvalidOperationException">A pepper is missing, no base64 or shorter than 32 bytes.</exception>
    public static Peppers Read(IConfiguration configuration, string section)
    {
        var version = int.Parse(configuration[$"{section}:PepperVersion"] ?? "1", CultureInfo.InvariantCulture);
        var older = configuration.GetSection($"{section}:OlderPeppers").GetChildren().Select(child => Decode($"{section}:OlderPeppers:{child.Key}", child.Value));
        return new Peppers(version, [Decode($"{section}:Pepper", configuration[$"{section}:Pepper"]), .. older]);
    }

    /// <summary>The hash that a new text is kept as.</summary>
    public byte[] Hash(string text) => HMACSHA256.HashData(_peppers[0], Encoding.UTF8.GetBytes(text));

    /// <summary>The hashes that a presented text may be kept as: the same work for every text, known or not.</summary>
    public byte[][] AllHashes(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
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
