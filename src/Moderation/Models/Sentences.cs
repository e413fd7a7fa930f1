using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Models;

/// <summary>Where the sentences of a piece of folded text lie, one after the other without a gap. Text without stops is cut into lengths.</summary>
/// <param name="capacity">The longest piece, characters.</param>
internal sealed class Sentences(int capacity)
{
    /// <summary>Characters: what goes on longer is cut.</summary>
    public const int Longest = 150;

    /// <summary>Characters: what would be shorter goes on, so that an initial or a number in a list is no sentence. The last one may be shorter.</summary>
    public const int Shortest = 12;

    private readonly int[] _ends = new int[MostIn(capacity)];

    public int Count { get; private set; }

    public static int MostIn(int characters) => characters / Shortest + 1;

    /// <summary>The place of a sentence's first character.</summary>
    public int StartOf(int sentence) => sentence == 0 ? 0 : _ends[sentence - 1];

    /// <summary>The place behind a sentence's last character.</summary>
    public int EndOf(int sentence) => _ends[sentence];

    public void Read(ReadOnlySpan<char> folded)
    {
        Count = 0;
        var start = 0;
        for (var i = 0; i < folded.Length; i++)
        {
            var length = i + 1 - start;
            if (length < Longest && (length < Shortest || !Ends(folded, i))) continue;
            _ends[Count++] = start = i + 1;
        }

        if (start < folded.Length) _ends[Count++] = folded.Length;
    }

    // Chinese has no space after a stop; a full stop inside of words is one of a number or a name.
    private static bool Ends(ReadOnlySpan<char> folded, int at)
    {
        if (folded[at] == '\n') return true;
        if (folded[at] is not ('.' or '!' or '?' or ';')) return false;
        if (at + 1 == folded.Length || char.IsWhiteSpace(folded[at + 1])) return true;
        return Letters.IsHan(folded[at + 1]) || Letters.IsHan(folded[at - 1]);
    }
}
