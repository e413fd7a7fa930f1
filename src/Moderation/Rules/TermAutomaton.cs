using System.Text;
using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>
/// Aho–Corasick: finds every term in one pass over a reading, whatever the number of terms. Transitions live in one open-addressing table, which stays
/// small although Chinese makes the alphabet large.
/// </summary>
internal sealed class TermAutomaton
{
    private const int Root = 0;
    private const ulong Empty = ulong.MaxValue;

    private readonly int[] _fromRoot = new int[char.MaxValue + 1];
    private ulong[] _keys = [];
    private int[] _targets = [];
    private int _mask;
    private int[] _fail = [];
    private int[] _pattern = [];
    private int[] _nextOutput = [];
    private Pattern[][] _patterns = [];

    private TermAutomaton(IReadOnlyList<(string Text, int Term)> patterns) => Build(patterns);

    public readonly record struct Pattern(int Term, int Length);

    /// <summary>Terms as words; a phrase is also found written as one word.</summary>
    public static TermAutomaton OfWords(Term[] terms) => new([.. terms.SelectMany((t, i) => Spellings(t.Text).Select(s => (s, i)))]);

    /// <summary>Terms with every run of a letter squeezed to one letter, for the leet reading.</summary>
    public static TermAutomaton Squeezed(Term[] terms) =>
        new([.. terms.SelectMany((t, i) => Letters.IsHan(t.Text[0]) ? [] : Spellings(t.Text).Select(s => (Squeeze(s), i)))]);

    /// <summary>Chinese terms in syllables, for the pinyin reading.</summary>
    public static TermAutomaton InPinyin(Term[] terms) => new([.. terms.SelectMany((t, i) => PinyinSpellings.Of(t.Text).Select(s => (s, i)))]);

    /// <summary>The state after one more character.</summary>
    public int Next(int state, char c)
    {
        while (state != Root)
        {
            var target = Find(state, c);
            if (target >= 0) return target;
            state = _fail[state];
        }

        return _fromRoot[c];
    }

    /// <summary>The first pattern that ends in a state, −1 for none.</summary>
    public int FirstOutput(int state) => _pattern[state] >= 0 ? state : _nextOutput[state];

    /// <summary>The next, shorter pattern that ends where this one does: a state, −1 for none.</summary>
    public int NextOutput(int state) => _nextOutput[state];

    public ReadOnlySpan<Pattern> PatternsAt(int outputState) => _patterns[_pattern[outputState]];

    private static IEnumerable<string> Spellings(string text)
    {
        const int ShortestJoined = 7;
        yield return text;
        if (text.Contains(' ') && text.Length > ShortestJoined) yield return text.Replace(" ", "", StringComparison.Ordinal);
    }

    private static string Squeeze(string text)
    {
        var squeezed = new StringBuilder();
        foreach (var c in text)
            if (squeezed.Length == 0 || squeezed[^1] != c) squeezed.Append(c);
        return squeezed.ToString();
    }

    private void Build(IReadOnlyList<(string Text, int Term)> patterns)
    {
        // In order, a text shares its beginning with the one before it, so that each state is met once and nothing is looked up.
        var texts = patterns.GroupBy(p => p.Text, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal).ToArray();
        var (states, longest) = (1, 0);
        foreach (var (text, shared) in Shared(texts.Select(same => same.Key))) (states, longest) = (states + text.Length - shared, Math.Max(longest, text.Length));

        Allocate(states);
        var edges = new (int Parent, int Depth, char Letter)[states];
        var path = new int[longest + 1];
        states = 1;
        foreach (var (at, (text, shared)) in Shared(texts.Select(same => same.Key)).Index())
        {
            for (var i = shared; i < text.Length; i++)
            {
                edges[states] = (path[i], i + 1, text[i]);
                Connect(path[i], text[i], states);
                path[i + 1] = states++;
            }

            _pattern[path[text.Length]] = at;
        }

        _patterns = [.. texts.Select(same => same.Select(p => new Pattern(p.Term, p.Text.Length)).ToArray())];
        Link(edges);
    }

    private static IEnumerable<(string Text, int Shared)> Shared(IEnumerable<string> ordered)
    {
        var last = "";
        foreach (var text in ordered)
        {
            yield return (text, text.AsSpan().CommonPrefixLength(last));
            last = text;
        }
    }

    private void Allocate(int states)
    {
        var size = 16;
        while (size < states * 2) size *= 2;
        (_keys, _targets, _mask) = (new ulong[size], new int[size], size - 1);
        (_pattern, _fail, _nextOutput) = (new int[states], new int[states], new int[states]);
        Array.Fill(_keys, Empty);
        Array.Fill(_pattern, -1);
        _nextOutput[Root] = -1;
    }

    private void Connect(int state, char c, int target)
    {
        if (state == Root)
        {
            _fromRoot[c] = target;
            return;
        }

        var slot = Slot(Key(state, c));
        while (_keys[slot] != Empty) slot = (slot + 1) & _mask;
        (_keys[slot], _targets[slot]) = (Key(state, c), target);
    }

    // Where a state falls back to is nearer to the root than the state is.
    private void Link((int Parent, int Depth, char Letter)[] edges)
    {
        foreach (var state in Enumerable.Range(1, edges.Length - 1).OrderBy(state => edges[state].Depth))
        {
            var (parent, _, letter) = edges[state];
            _fail[state] = parent == Root ? Root : Next(_fail[parent], letter);
            _nextOutput[state] = FirstOutput(_fail[state]);
        }
    }

    private int Find(int state, char c)
    {
        var key = Key(state, c);
        for (var slot = Slot(key); _keys[slot] != Empty; slot = (slot + 1) & _mask)
            if (_keys[slot] == key) return _targets[slot];
        return -1;
    }

    private static ulong Key(int state, char c) => ((ulong)(uint)state << 16) | c;

    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15UL) >> 40) & _mask;
}
