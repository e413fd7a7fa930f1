using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>
/// Reads the vectors of one answer, and puts each into the other of OpenAI's two encodings: JSON numbers, or base64 of little-endian 32-bit floats.
/// The bits stay the same; nothing is allocated for a number.
/// </summary>
internal sealed class VectorCodec
{
    private const int LongestNumber = 32;
    private const int UsualNumber = 14;
    private readonly ArrayBufferWriter<byte> _bits = new(16 * 1024);

    /// <summary>Reads the vector that the reader stands at.</summary>
    /// <param name="reader">Where the vector begins; afterwards where it ends.</param>
    /// <param name="asBase64">What the client asked for.</param>
    /// <param name="encoded">The vector in that encoding; empty when it came in it.</param>
    /// <returns>The vector's length.</returns>
    /// <exception cref="FormatException">It is no vector.</exception>
    public int Read(ref Utf8JsonReader reader, bool asBase64, out ReadOnlyMemory<byte> encoded)
    {
        _bits.ResetWrittenCount();
        encoded = default;
        return reader.TokenType switch
        {
            JsonTokenType.StartArray => ReadNumbers(ref reader, asBase64, ref encoded),
            JsonTokenType.String => ReadBase64(ref reader, asBase64, ref encoded),
            _ => throw new FormatException(),
        };
    }

    private int ReadNumbers(ref Utf8JsonReader reader, bool asBase64, ref ReadOnlyMemory<byte> encoded)
    {
        var length = 0;
        for (; reader.Read() && reader.TokenType == JsonTokenType.Number; length++)
        {
            if (!asBase64) continue;
            if (!reader.TryGetSingle(out var number) || !float.IsFinite(number)) throw new FormatException();
            BinaryPrimitives.WriteSingleLittleEndian(_bits.GetSpan(sizeof(float)), number);
            _bits.Advance(sizeof(float));
        }

        if (reader.TokenType != JsonTokenType.EndArray) throw new FormatException();
        if (asBase64) encoded = ToBase64(_bits.WrittenSpan);
        return length;
    }

    private int ReadBase64(ref Utf8JsonReader reader, bool asBase64, ref ReadOnlyMemory<byte> encoded)
    {
        var text = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            var unescaped = new byte[text.Length];
            text = unescaped.AsSpan(0, reader.CopyString(unescaped));
        }

        if (!Base64.IsValid(text, out var bytes) || bytes % sizeof(float) != 0) throw new FormatException();
        if (!asBase64)
        {
            Base64.DecodeFromUtf8(text, _bits.GetSpan(bytes), out _, out var written);
            _bits.Advance(written);
            encoded = ToNumbers(_bits.WrittenSpan);
        }

        return bytes / sizeof(float);
    }

    private static byte[] ToBase64(ReadOnlySpan<byte> bits)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(bits.Length) + 2];
        Base64.EncodeToUtf8(bits, text.AsSpan(1), out _, out _);
        text[0] = text[^1] = (byte)'"';
        return text;
    }

    private static ReadOnlyMemory<byte> ToNumbers(ReadOnlySpan<byte> bits)
    {
        var text = new ArrayBufferWriter<byte>(bits.Length / sizeof(float) * UsualNumber + LongestNumber);
        for (; !bits.IsEmpty; bits = bits[sizeof(float)..])
        {
            var number = BinaryPrimitives.ReadSingleLittleEndian(bits);
            if (!float.IsFinite(number)) throw new FormatException();
            var place = text.GetSpan(LongestNumber);
            place[0] = text.WrittenCount == 0 ? (byte)'[' : (byte)',';
            number.TryFormat(place[1..], out var length, default, CultureInfo.InvariantCulture);
            text.Advance(length + 1);
        }

        text.Write("]"u8);
        return text.WrittenMemory;
    }
}
