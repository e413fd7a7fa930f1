using System.Buffers.Binary;

namespace Aigc2d.Billing.Statements;

/// <summary>The time that a UUIDv7 carries in its first 48 bits, to the millisecond.</summary>
internal static class RequestIds
{
    /// <summary>The smallest id of a moment; before 1970 the smallest of all.</summary>
    public static Guid FirstOf(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, moment.ToUnixTimeMilliseconds()) << 16);
        return new(bytes, bigEndian: true);
    }

    /// <summary>When the id was made; null when it is of another kind.</summary>
    public static DateTimeOffset? TimeOf(Guid id)
    {
        if (id.Version != 7) return null;

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }
}
