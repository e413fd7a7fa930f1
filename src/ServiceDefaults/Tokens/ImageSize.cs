using System.Buffers.Binary;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>Width and height of an image, read from the header of its file and nothing else.</summary>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>The size in a PNG, JPEG, GIF or WebP file that begins with these bytes; null when they do not tell.</summary>
    public static ImageSize? Read(ReadOnlySpan<byte> file)
    {
        var size = file switch
        {
            _ when file.Length >= 24 && file[0] == 0x89 && file[1..4].SequenceEqual("PNG"u8) => new ImageSize(BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..])),
            _ when file.Length >= 10 && file.StartsWith("GIF8"u8) => new ImageSize(BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..])),
            _ when file.Length >= 30 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8) => ReadWebP(file),
            _ when file.Length >= 4 && file[0] == 0xFF && file[1] == 0xD8 => ReadJpeg(file),
            _ => (ImageSize?)null,
        };
        return size is { Width: > 0, Height: > 0 } ? size : null;
    }

    private static ImageSize? ReadWebP(ReadOnlySpan<byte> file)
    {
        var kind = file[12..16];
        if (kind.SequenceEqual("VP8X"u8)) return new ImageSize(1 + Read24(file[24..]), 1 + Read24(file[27..]));
        if (kind.SequenceEqual("VP8 "u8)) return new ImageSize(BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3FFF);
        if (!kind.SequenceEqual("VP8L"u8)) return null;

        var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
        return new ImageSize(1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
    }

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    private static ImageSize? ReadJpeg(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 9 <= file.Length && file[at] == 0xFF;)
        {
            var marker = file[at + 1];
            var isFrame = marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (isFrame) return new ImageSize(BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return null;
    }
}
