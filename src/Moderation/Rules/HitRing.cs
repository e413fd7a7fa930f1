namespace Aigc2d.Moderation.Rules;

/// <summary>A stretch of folded text, with the number of letters before its start and before its end.</summary>
internal readonly record struct Stretch(int Start, int End, int FirstLetter, int LastLetter);

/// <summary>The last few places where a group, or the beginning of a sequence, was met. Bounded, so that no text makes a scan slow.</summary>
internal sealed class HitRing
{
    public const int Capacity = 4;

    private readonly Stretch[] _places = new Stretch[Capacity];
    private int _count;
    private int _scan = -1;

    /// <summary>Adds a place; of two that overlap the longer one stays.</summary>
    public void Add(int scan, Stretch place)
    {
        if (_scan != scan) (_scan, _count) = (scan, 0);
        if (_count > 0 && place.Start < At(0).End)
        {
            if (place.End - place.Start > At(0).End - At(0).Start) _places[(_count - 1) % Capacity] = place;
            return;
        }

        _places[_count++ % Capacity] = place;
    }

    /// <summary>The latest place that ends before a hit begins and at most so many letters earlier.</summary>
    public bool TryFind(int scan, Stretch hit, int gap, out Stretch found)
    {
        found = default;
        if (_scan != scan) return false;
        for (var back = 0; back < Math.Min(_count, Capacity); back++)
        {
            found = At(back);
            if (found.End <= hit.Start && hit.FirstLetter - found.LastLetter <= gap) return true;
        }

        return false;
    }

    /// <summary>The start of the last so many places.</summary>
    public bool TryFindLast(int scan, int count, out Stretch earliest)
    {
        earliest = default;
        if (_scan != scan || _count < count) return false;
        earliest = At(count - 1);
        return true;
    }

    private Stretch At(int back) => _places[(_count - 1 - back) % Capacity];
}
