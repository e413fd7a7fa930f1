using System.Runtime.InteropServices;

namespace Aigc2d.Moderation.Normalisation;

/// <summary>A stretch of syllables without a word or a stop between them.</summary>
/// <param name="Start">Of the reading.</param>
/// <param name="End">Of the reading.</param>
/// <param name="Foreign">Syllables written in letters that are no English word.</param>
/// <param name="HasHan">Whether Chinese characters stand in it.</param>
internal readonly record struct PinyinRun(int Start, int End, int Foreign, bool HasHan);

/// <summary>
/// The syllables of a text: Chinese characters by their usual reading and words that are spelled like pinyin, tones apart. Everything else parts the runs.
/// Made only where letters look like pinyin.
/// </summary>
internal sealed class PinyinReading(int capacity)
{
    // Wider gaps between syllables are real ones.
    private const int WidestGap = 3;

    private static readonly PinyinSyllables Syllables = PinyinSyllables.Instance;

    private readonly int[] _ends = new int[capacity];
    private readonly List<PinyinRun> _runs = [];
    private readonly int[] _starts = new int[PinyinSyllables.LongestWord];
    private readonly char[] _cut = new char[PinyinSyllables.LongestWord];
    private int _runStart;
    private int _foreign;
    private bool _hasHan;
    private bool _hasLetters;

    /// <summary>One character per syllable. Those marked as altered are written in letters, those marked as joined besides are no English word.</summary>
    public MappedText Text { get; } = new(capacity);

    public ReadOnlySpan<PinyinRun> Runs => CollectionsMarshal.AsSpan(_runs);

    /// <summary>Where a syllable ends in the folded text.</summary>
    public int EndOf(int index) => _ends[index];

    /// <summary>Makes the reading and says whether it has anything that is not in the text itself.</summary>
    public bool Read(MappedText source, bool sourceIsFolded)
    {
        Text.Clear();
        _runs.Clear();
        (_runStart, _foreign, _hasHan, _hasLetters) = (0, 0, false, false);
        var chars = source.Chars;
        if (!LeetReading.HasLatin(chars)) return false;
        var gap = 0;
        for (var i = 0; i < chars.Length;)
        {
            if (!Letters.IsWord(chars[i]))
            {
                gap = chars[i] == '\n' ? WidestGap + 1 : gap + 1;
                i++;
                continue;
            }

            if (gap > 0 && EndsRun(chars, i, gap)) CloseRun();
            gap = 0;
            i = Letters.IsHan(chars[i]) ? ReadHan(source, sourceIsFolded, i) : ReadWord(source, sourceIsFolded, i);
        }

        CloseRun();
        return _runs.Count > 0;
    }

    // A stop between words ends a sentence; right between two letters it splits a word.
    private static bool EndsRun(ReadOnlySpan<char> chars, int next, int gap) =>
        gap > WidestGap || (gap > 1 && HasStop(chars[(next - gap)..next]));

    private static bool HasStop(ReadOnlySpan<char> gap)
    {
        foreach (var c in gap)
            if (Letters.IsStop(c)) return true;
        return false;
    }

    private int ReadHan(MappedText source, bool sourceIsFolded, int i)
    {
        var syllable = Syllables.Of(source[i]);
        if (syllable == '\0') CloseRun();
        else
        {
            Append(syllable, sourceIsFolded ? i : source.OriginOf(i), sourceIsFolded ? i + 1 : source.OriginOf(i) + 1, MappedText.Marks.None);
            _hasHan = true;
        }

        return i + 1;
    }

    private int ReadWord(MappedText source, bool sourceIsFolded, int start)
    {
        var end = start + 1;
        while (end < source.Length && Letters.IsSpelled(source[end])) end++;
        var word = source.Chars[start..end];
        var count = word.Length > PinyinSyllables.LongestWord ? 0 : Syllables.Cut(word, _starts, _cut);
        if (count == 0)
        {
            CloseRun();
            return end;
        }

        var foreign = !CommonWords.Contains(word);
        if (foreign) _foreign += count;
        _hasLetters = true;
        var marks = foreign ? MappedText.Marks.Altered | MappedText.Marks.Joined : MappedText.Marks.Altered;
        for (var s = count - 1; s >= 0; s--)
        {
            var (first, last) = (start + _starts[s], (s == 0 ? end : start + _starts[s - 1]) - 1);
            Append(_cut[s], sourceIsFolded ? first : source.OriginOf(first), (sourceIsFolded ? last : source.OriginOf(last)) + 1, marks);
        }

        return end;
    }

    private void Append(char syllable, int origin, int end, MappedText.Marks marks)
    {
        _ends[Text.Length] = end;
        Text.Append(syllable, origin, marks);
    }

    private void CloseRun()
    {
        if ((_foreign > 0 || (_hasHan && _hasLetters)) && Text.Length - _runStart > 1) _runs.Add(new PinyinRun(_runStart, Text.Length, _foreign, _hasHan));
        (_runStart, _foreign, _hasHan, _hasLetters) = (Text.Length, 0, false, false);
    }
}
