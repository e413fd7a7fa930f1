using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Aigc2d.Gateway.Keys;

/// <summary>The SHA-256 of a key: what the gateway remembers a key by, so that a dump of its memory holds no key for longer than a request.</summary>
internal readonly record struct KeyHash(UInt128 High, UInt128 Low)
{
    public static KeyHash Of(string key)
    {
        Span<byte> text = stackalloc byte[64];
        var length = Encoding.ASCII.GetBytes(key, text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        var halves = MemoryMarshal.Cast<byte, UInt128>(hash);
        return new(halves[0], halves[1]);
    }
}
