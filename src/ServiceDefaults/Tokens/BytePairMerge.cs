using System.Buffers;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>
/// Merges the bytes of one piece, always the neighbours of the lowest rank first and of these the leftmost, and counts what is left. Short
/// pieces, which are nearly all, by looking for the lowest rank each time; long ones with a heap, so that no piece takes more than n log n.
/// </summary>
internal static class BytePairMerge
{
    /// <summary>Below this many bytes looking is faster than keeping a heap.</summary>
    public const int ShortBytes = 96;

    public static int Count(ReadOnlySpan<byte> piece, BytePairTable table)
    {
        if (piece.Length < 2) return piece.Length;
        if (table.RankOf(piece) != BytePairTable.None) return 1;
        return piece.Length <= ShortBytes ? CountShort(piece, table) : CountLong(piece, table);
    }

    private static int CountShort(ReadOnlySpan<byte> piece, BytePairTable table)
    {
        Span<int> starts = stackalloc int[ShortBytes + 1];
        Span<int> ranks = stackalloc int[ShortBytes + 1];
        var count = piece.Length;
        for (var i = 0; i < count; i++)
        {
            starts[i] = i;
            ranks[i] = i + 1 < count ? table.RankOf(piece[i], piece[i + 1]) : BytePairTable.None;
        }

        starts[count] = count;
        while (true)
        {
            var (lowest, at) = (BytePairTable.None, 0);
            for (var i = 0; i < count - 1; i++)
            {
                if (ranks[i] < lowest) (lowest, at) = (ranks[i], i);
            }

            if (lowest == BytePairTable.None) return count;

            starts[(at + 2)..(count + 1)].CopyTo(starts[(at + 1)..]);
            ranks[(at + 2)..count].CopyTo(ranks[(at + 1)..]);
            count--;
            ranks[at] = at + 1 < count ? table.RankOf(piece[starts[at]..starts[at + 2]]) : BytePairTable.None;
            if (at > 0) ranks[at - 1] = table.RankOf(piece[starts[at - 1]..starts[at + 1]]);
        }
    }

    /// <summary>
    /// The parts are a linked list through <c>ends</c> and <c>befores</c>, by their first byte. An entry of the heap is good only while the pair
    /// at its place still has its rank: a pair changes its rank whenever it changes at all, since no two tokens share one.
    /// </summary>
    private static int CountLong(ReadOnlySpan<byte> piece, BytePairTable table)
    {
        var length = piece.Length;
        var rented = ArrayPool<int>.Shared.Rent(length * 3);
        var ends = rented.AsSpan(0, length);
        var befores = rented.AsSpan(length, length);
        var ranks = rented.AsSpan(length * 2, length);
        var heap = new RankHeap(length);
        for (var i = 0; i < length; i++)
        {
            (ends[i], befores[i]) = (i + 1, i - 1);
            ranks[i] = i + 1 < length ? table.RankOf(piece[i], piece[i + 1]) : BytePairTable.None;
            if (ranks[i] != BytePairTable.None) heap.Add(ranks[i], i);
        }

        var count = length;
        while (heap.TryTake(out var rank, out var at))
        {
            if (ranks[at] != rank) continue;

            var absorbed = ends[at];
            ends[at] = ends[absorbed];
            ranks[absorbed] = BytePairTable.None;
            count--;
            if (ends[at] < length) befores[ends[at]] = at;
            Rank(piece, at, ends, ranks);
            if (befores[at] >= 0) Rank(piece, befores[at], ends, ranks);
        }

        heap.Dispose();
        ArrayPool<int>.Shared.Return(rented);
        return count;

        void Rank(ReadOnlySpan<byte> bytes, int at, Span<int> ends, Span<int> ranks)
        {
            var next = ends[at];
            ranks[at] = next < bytes.Length ? table.RankOf(bytes[at..ends[next]]) : BytePairTable.None;
            if (ranks[at] != BytePairTable.None) heap.Add(ranks[at], at);
        }
    }
}
