using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>
/// The tokens of an encoding with their ranks: one blob of bytes and an open-addressing table over it, so that a lookup allocates nothing.
/// A slot holds a rank and some bits of the hash, which spare most looks into the blob.
/// </summary>
internal sealed class BytePairTable
{
    /// <summary>No such token.</summary>
    public const int None = int.MaxValue;

    private const int RankBits = 18;
    private const uint RankMask = (1u << RankBits) - 1;
    private const uint Empty = uint.MaxValue;

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly uint[] _slots;
    private readonly int[] _pairs = new int[ushort.MaxValue + 1];

    private BytePairTable(byte[] bytes, int[] starts)
    {
        _bytes = bytes;
        _starts = starts;
        var count = starts.Length - 1;
        if (count >= RankMask) throw new InvalidDataException($"{count} tokens do not fit the table.");

        _slots = new uint[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2)];
        Array.Fill(_slots, Empty);
        Array.Fill(_pairs, None);
        for (var rank = 0; rank < count; rank++) Add(rank);
    }

    /// <summary>The memory it takes, bytes.</summary>
    public long Size => _bytes.Length + ((long)_starts.Length + _slots.Length + _pairs.Length) * sizeof(int);

    /// <summary>Reads an embedded table: for each rank the length of its token and the token's bytes.</summary>
    public static BytePairTable Load(string encoding)
    {
        using var packed = typeof(BytePairTable).Assembly.GetManifestResourceStream($"Ranks.{encoding}.ranks.br") ?? throw new InvalidOperationException($"There is no table '{encoding}'.");
        using var unpacked = new BrotliStream(packed, CompressionMode.Decompress);
        using var buffer = new MemoryStream(2 * 1024 * 1024);
        unpacked.CopyTo(buffer);
        var entries = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);

        var starts = new List<int>(200_000) { 0 };
        var bytes = new byte[entries.Length];
        for (var length = 0; !entries.IsEmpty; entries = entries[(1 + entries[0])..])
        {
            entries.Slice(1, entries[0]).CopyTo(bytes.AsSpan(length));
            starts.Add(length += entries[0]);
        }

        return new BytePairTable(bytes[..starts[^1]], [.. starts]);
    }

    /// <summary>The rank of a token, or <see cref="None"/>.</summary>
    public int RankOf(ReadOnlySpan<byte> token)
    {
        var hash = HashOf(token);
        var tag = TagOf(hash);
        for (var slot = hash & (uint)(_slots.Length - 1); ; slot = (slot + 1) & (uint)(_slots.Length - 1))
        {
            var entry = _slots[slot];
            if (entry == Empty) return None;
            if ((entry & ~RankMask) != tag) continue;

            var rank = (int)(entry & RankMask);
            if (token.SequenceEqual(TokenOf(rank))) return rank;
        }
    }

    /// <summary>The rank of two single bytes together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RankOf(byte first, byte second) => _pairs[(first << 8) | second];

    /// <summary>How many tokens there are; their ranks, which are their ids, begin at 0.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> TokenOf(int rank) => _bytes.AsSpan(_starts[rank].._starts[rank + 1]);

    private void Add(int rank)
    {
        var token = TokenOf(rank);
        if (token.Length == 2) _pairs[(token[0] << 8) | token[1]] = rank;
        var hash = HashOf(token);
        var slot = hash & (uint)(_slots.Length - 1);
        while (_slots[slot] != Empty) slot = (slot + 1) & (uint)(_slots.Length - 1);
        _slots[slot] = TagOf(hash) | (uint)rank;
    }

    private static uint TagOf(uint hash) => hash & ~RankMask;

    private static uint HashOf(ReadOnlySpan<byte> token)
    {
        const ulong Odd = 0x9E3779B97F4A7C15;
        var hash = (ulong)token.Length * Odd;
        for (; token.Length >= sizeof(ulong); token = token[sizeof(ulong)..]) hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(token));
        if (token.Length >= sizeof(uint))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt32LittleEndian(token) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(token[^sizeof(uint)..]) << 32));
        }
        else if (token.Length > 0)
        {
            hash = Mix(hash, token[0] | ((uint)token[token.Length / 2] << 8) | ((uint)token[^1] << 16));
        }

        return (uint)(hash ^ (hash >> 32));

        static ulong Mix(ulong hash, ulong value)
        {
            var mixed = (hash ^ value) * Odd;
            return mixed ^ (mixed >> 29);
        }
    }
}
