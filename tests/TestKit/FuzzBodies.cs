using System.Text;

namespace Aigc2d.TestKit;

/// <summary>Bodies that start out valid and are damaged at random. The same seed gives the same bodies, whoever asks.</summary>
public sealed class FuzzBodies(int seed, IReadOnlyList<string> valid)
{
    private const int MostDamages = 4;
    private static readonly string[] Words =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "-1", "0", "1.5", "1e99", "1e-400", "2147483648", "9223372036854775808", "\"7\"", "[]", "{}", "\"\\u0000\"", "\"\\ud800\"", "\\udc00", "\ufeff", "\n",
        "\"max_tokens\":5,", "\"MAX_TOKENS\":5,", "\"n\":128,", "\"stream\":true,", "\"model\":", "\"messages\":[],", "\"input\":\"\",", "\"tools\":[{}],", "\u202e", "\u0000", "😀", "%0d%0a", "' or 1=1 --",
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var body = Encoding.UTF8.GetBytes(valid[_random.Next(valid.Count)]);
        for (var damages = _random.Next(MostDamages + 1); damages > 0; damages--) body = Damage(body);
        return body;
    }

    private byte[] Damage(byte[] body)
    {
        var place = _random.Next(body.Length + 1);
        var end = Math.Min(body.Length, place + _random.Next(1, 24));
        return _random.Next(12) switch
        {
            0 => Flip(body),
            1 => body[..place],
            2 => [.. body[..place], .. body[end..]],
            3 => [.. body[..place], .. body[place..end], .. body[place..]],
            4 => [.. body[..place], .. Encoding.UTF8.GetBytes(Words[_random.Next(Words.Length)]), .. body[place..]],
            5 => [.. body[..place], .. Encoding.UTF8.GetBytes(Words[_random.Next(Words.Length)]), .. body[end..]],
            6 => [.. body[..place], .. Bytes(_random.Next(1, 64)), .. body[place..]],
            7 => Retype(body),
            8 => Retype(body),
            9 => [.. body[..place], .. Encoding.UTF8.GetBytes(Characters(_random.Next(1, 64))), .. body[place..]],
            10 => [.. body[..place], .. Encoding.UTF8.GetBytes(new string(_random.Next(2) == 0 ? '[' : '{', _random.Next(1, 200))), .. body[place..]],
            _ => _random.Next(20) == 0 ? Bytes(_random.Next(0, 4096)) : Flip(body),
        };
    }

    private byte[] Flip(byte[] body)
    {
        if (body.Length == 0) return body;

        byte[] flipped = [.. body];
        flipped[_random.Next(body.Length)] ^= (byte)(1 << _random.Next(8));
        return flipped;
    }

    /// <summary>Puts another value behind one of the colons.</summary>
    private byte[] Retype(byte[] body)
    {
        var colons = Enumerable.Range(0, body.Length).Where(i => body[i] == ':').ToArray();
        if (colons.Length == 0) return body;

        var start = colons[_random.Next(colons.Length)] + 1;
        var end = body.AsSpan(start).IndexOfAny(",}]"u8) is var length and >= 0 ? start + length : body.Length;
        return [.. body[..start], .. Encoding.UTF8.GetBytes(Words[_random.Next(8, 20)]), .. body[end..]];
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Characters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => char.ConvertFromUtf32(_random.Next(0x20, 0xD800))));
}
