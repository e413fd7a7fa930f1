namespace Aigc2d.Moderation.Normalisation;

/// <summary>
/// The syllables of pinyin, each of which is written as one character of a private area, whatever its tone. Cuts words into syllables as the spelling rules
/// have it: as few as possible, and a consonant begins a syllable rather than ending one.
/// </summary>
internal sealed class PinyinSyllables
{
    public const int LongestWord = 96;

    public static readonly PinyinSyllables Instance = new();

    private const char First = '\uE000';
    private const int LongestSyllable = 6;
    private const byte Unreached = byte.MaxValue;
    private const int AlphabetSize = 26;

    private const int MostNodes = 1024;

    // A tree of spellings: the next node by letter, and the syllable that is spelled by the way to a node.
    private readonly short[] _next = new short[MostNodes * AlphabetSize];
    private readonly short[] _syllables = new short[MostNodes];
    private int _nodes = 1;
    private readonly Dictionary<string, char> _bySpelling = [];
    private readonly Dictionary<string, char> _byReading = [];
    private readonly char[] _usual = new char[char.MaxValue + 1];

    private PinyinSyllables()
    {
        Array.Fill(_syllables, (short)-1);
        foreach (var reading in PinyinTable.Instance.All.Distinct())
        {
            var spelling = TextFold.Whole(reading);
            Add(spelling);
            if (_bySpelling.TryGetValue(spelling, out var syllable)) _byReading[reading] = syllable;
        }

        foreach (var (han, usual) in PinyinTable.Instance.Usual) _byReading.TryGetValue(usual, out _usual[han]);
        foreach (var (rounded, spelled) in ((string, string)[])[("lu", "lv"), ("nu", "nv"), ("lue", "lve"), ("nue", "nve"), ("lu", "lyu"), ("nu", "nyu")])
            Spell(spelled, _bySpelling[rounded]);
    }

    /// <summary>The usual syllable of a Chinese character; null character for one that the table does not know.</summary>
    public char Of(char han) => _usual[han];

    /// <summary>The syllables that a character may be read as.</summary>
    public IEnumerable<char> AllOf(char han) =>
        PinyinTable.Instance.ReadingsOf(han).Where(_byReading.ContainsKey).Select(reading => _byReading[reading]).Distinct();

    /// <summary>How a syllable is spelled without its tone.</summary>
    public string SpellingOf(char syllable) => _bySpelling.First(spelling => spelling.Value == syllable).Key;

    /// <summary>Cuts a word of letters and tone digits into syllables; answers how many, 0 when it is not pinyin.</summary>
    /// <param name="word">At most <see cref="LongestWord"/> characters.</param>
    /// <param name="starts">Takes where each syllable begins, last one first.</param>
    /// <param name="syllables">Takes the syllables, last one first.</param>
    public int Cut(ReadOnlySpan<char> word, Span<int> starts, Span<char> syllables)
    {
        // For each place, the fewest syllables that lead there, and how long the last of them is.
        Span<byte> fewest = stackalloc byte[LongestWord + 1];
        Span<byte> lengths = stackalloc byte[LongestWord + 1];
        fewest[..(word.Length + 1)].Fill(Unreached);
        fewest[0] = 0;
        var reached = 0;
        for (var i = 0; i <= reached && i < word.Length; i++)
            if (fewest[i] != Unreached) reached = Math.Max(reached, Extend(word, i, fewest, lengths));
        if (reached < word.Length) return 0;

        var count = 0;
        for (var end = word.Length; end > 0; count++)
        {
            var length = lengths[end];
            end -= length;
            starts[count] = end;
            syllables[count] = Find(word.Slice(end, length));
        }

        return count;
    }

    private int Extend(ReadOnlySpan<char> word, int start, Span<byte> fewest, Span<byte> lengths)
    {
        var (node, reached) = (0, 0);
        for (var i = start; i < word.Length && i - start < LongestSyllable && word[i] is >= 'a' and <= 'z'; i++)
        {
            node = _next[node * AlphabetSize + word[i] - 'a'];
            if (node == 0) break;
            if (_syllables[node] < 0) continue;
            reached = i + 1 < word.Length && IsTone(word[i + 1]) ? i + 2 : i + 1;
            if (fewest[start] + 1 >= fewest[reached]) continue;
            fewest[reached] = (byte)(fewest[start] + 1);
            lengths[reached] = (byte)(reached - start);
        }

        return reached;
    }

    private char Find(ReadOnlySpan<char> spelling)
    {
        var node = 0;
        foreach (var c in spelling)
            if (!IsTone(c)) node = _next[node * AlphabetSize + c - 'a'];
        return (char)(First + _syllables[node]);
    }

    private static bool IsTone(char c) => c is >= '0' and <= '5';

    private void Add(string spelling)
    {
        // 儿 may be a mere r at the end of another syllable.
        if (spelling.Length < 2 && spelling is not ("a" or "e" or "o") || _bySpelling.ContainsKey(spelling)) return;
        Spell(spelling, (char)(First + _bySpelling.Count));
        _bySpelling[spelling] = (char)(First + _bySpelling.Count);
    }

    private void Spell(string spelling, char syllable)
    {
        var node = 0;
        foreach (var c in spelling)
        {
            var slot = node * AlphabetSize + c - 'a';
            if (_next[slot] == 0)
            {
                _next[slot] = (short)_nodes++;
            }

            node = _next[slot];
        }

        _syllables[node] = (short)(syllable - First);
    }
}
