namespace Aigc2d.Moderation.Normalisation;

/// <summary>A text derived from another one: each character knows where it came from. A buffer that is used again and again; it never grows.</summary>
internal sealed class MappedText(int capacity)
{
    /// <summary>How a character of a derived reading came about; readings accept only matches that their own work has made possible.</summary>
    [Flags]
    public enum Marks : byte
    {
        None = 0,

        /// <summary>Was spaced out in the original.</summary>
        Joined = 1,

        /// <summary>Was spaced out without a sign of where words end, so that a word may begin or end anywhere.</summary>
        Loose = 2,

        /// <summary>Was a digit, a symbol or a stretched letter.</summary>
        Altered = 4,

        /// <summary>Is not counted when distances are measured: a syllable of pinyin counts like the one character it stands for.</summary>
        Silent = 8,
    }

    private readonly char[] _chars = new char[capacity];
    private readonly int[] _origins = new int[capacity];
    private readonly Marks[] _marks = new Marks[capacity];

    public int Length { get; private set; }

    public int Room => _chars.Length - Length;

    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    public ReadOnlySpan<int> Origins => _origins.AsSpan(0, Length);

    public char this[int index] => _chars[index];

    public int OriginOf(int index) => _origins[index];

    public Marks MarksOf(int index) => _marks[index];

    public Marks MarksIn(int start, int end)
    {
        var all = Marks.None;
        for (var i = start; i < end; i++) all |= _marks[i];
        return all;
    }

    /// <summary>The first character from a place on that has one of some marks; −1 for none.</summary>
    public int NextMarked(Marks any, int start)
    {
        for (var i = start; i < Length; i++)
            if ((_marks[i] & any) != 0) return i;
        return -1;
    }

    public void Append(char value, int origin, Marks marks = Marks.None)
    {
        _chars[Length] = value;
        _origins[Length] = origin;
        _marks[Length++] = marks;
    }

    public void Mark(int index, Marks marks) => _marks[index] |= marks;

    public void Clear() => Length = 0;

    /// <summary>Makes room by forgetting all but the last characters.</summary>
    public void KeepLast(int count)
    {
        var start = Length - count;
        _chars.AsSpan(start, count).CopyTo(_chars);
        _origins.AsSpan(start, count).CopyTo(_origins);
        _marks.AsSpan(start, count).CopyTo(_marks);
        Length = count;
    }
}
