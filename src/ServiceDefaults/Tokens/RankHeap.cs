using System.Buffers;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>A heap of places ordered by rank, equal ranks from left to right; each entry is one number.</summary>
internal sealed class RankHeap(int capacity) : IDisposable
{
    private const int Children = 4;
    private ulong[] _entries = ArrayPool<ulong>.Shared.Rent(capacity);
    private int _count;

    public void Add(int rank, int place)
    {
        if (_count == _entries.Length) Grow();
        var entry = ((ulong)(uint)rank << 32) | (uint)place;
        var at = _count++;
        while (at > 0 && _entries[(at - 1) / Children] is var parent && parent > entry)
        {
            _entries[at] = parent;
            at = (at - 1) / Children;
        }

        _entries[at] = entry;
    }

    /// <summary>Takes the lowest out; false when there is none.</summary>
    public bool TryTake(out int rank, out int place)
    {
        (rank, place) = (0, 0);
        if (_count == 0) return false;

        (rank, place) = ((int)(_entries[0] >> 32), (int)(uint)_entries[0]);
        var last = _entries[--_count];
        var at = 0;
        for (var child = 1; child < _count; child = (at * Children) + 1)
        {
            var lowest = child;
            var beyond = Math.Min(child + Children, _count);
            for (var i = child + 1; i < beyond; i++)
            {
                if (_entries[i] < _entries[lowest]) lowest = i;
            }

            if (_entries[lowest] >= last) break;
            _entries[at] = _entries[lowest];
            at = lowest;
        }

        _entries[at] = last;
        return true;
    }

    public void Dispose() => ArrayPool<ulong>.Shared.Return(_entries);

    private void Grow()
    {
        var larger = ArrayPool<ulong>.Shared.Rent(_entries.Length * 2);
        _entries.CopyTo(larger, 0);
        ArrayPool<ulong>.Shared.Return(_entries);
        _entries = larger;
    }
}
