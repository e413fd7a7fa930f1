using System.Numerics;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Models;

/// <summary>
/// What the terms and words of the rule files say about a window as features: which groups occur, and for each category how many of its rules' terms and of
/// its words there are and how dense they stand. The rows are part of the model file's format; groups are known by name, so that a rule set may grow under
/// a model.
/// </summary>
internal sealed class Lexicon
{
    public const int Rows = 4096;

    private const int CountRows = 4;
    private const int DensityRows = 8;

    // One of each category for what its rules match, and one for its words.
    private static readonly int Counters = Categories.All.Count * 2;
    private static readonly int ByCounter = Counters * (CountRows + DensityRows);

    private readonly Term[] _terms;
    private readonly int[] _rowByGroup;
    private readonly int[] _counterByGroup;
    private readonly int[] _counts = new int[Counters];
    private readonly ulong[] _seen = new ulong[Rows / 64];

    public Lexicon(RuleSet rules)
    {
        var compiled = rules.Compiled;
        _terms = compiled.Terms;
        _rowByGroup = [.. compiled.GroupNames.Select(RowOf)];
        _counterByGroup = [.. Enumerable.Range(0, compiled.GroupNames.Count).Select(group => CounterOf(compiled, group))];
    }

    /// <summary>Writes the rows of a window, each once, and answers how many there are.</summary>
    /// <param name="hits">The terms and words in the window.</param>
    /// <param name="letters">The letters of the window.</param>
    /// <param name="rows">Room for <see cref="Rows"/> at most.</param>
    public int Read(ReadOnlySpan<TermHit> hits, int letters, Span<int> rows)
    {
        if (hits.IsEmpty) return 0;
        var count = 0;
        foreach (var hit in hits)
        {
            var counted = 0;
            foreach (var group in _terms[hit.Term].Groups)
            {
                Add(_rowByGroup[group], rows, ref count);
                var counter = _counterByGroup[group];
                if (counter < 0 || (counted & (1 << counter)) != 0) continue;
                counted |= 1 << counter;
                _counts[counter]++;
            }
        }

        for (var counter = 0; counter < Counters; counter++)
        {
            if (_counts[counter] == 0) continue;
            var first = counter * (CountRows + DensityRows);
            Add(first + Math.Min(_counts[counter], CountRows) - 1, rows, ref count);
            Add(first + CountRows + Math.Min(BitOperations.Log2((uint)(_counts[counter] * 1024L / Math.Max(letters, 1) / 4 + 1)), DensityRows - 1), rows, ref count);
            _counts[counter] = 0;
        }

        foreach (var row in rows[..count]) _seen[row >> 6] = 0;
        return count;
    }

    private void Add(int row, Span<int> rows, ref int count)
    {
        var bit = 1UL << (row & 63);
        ref var seen = ref _seen[row >> 6];
        if ((seen & bit) != 0) return;
        seen |= bit;
        rows[count++] = row;
    }

    private static int RowOf(string group)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in group) hash = (hash ^ c) * 1099511628211UL;
        return ByCounter + (int)((hash ^ (hash >> 32)) % (ulong)(Rows - ByCounter));
    }

    // Terms that rules of several categories share say nothing about one of them.
    private static int CounterOf(CompiledRules compiled, int group)
    {
        if (compiled.WordCategories[group] is { } about) return Categories.All.Count + Heads.Of(about);
        var categories = compiled.Rules.Where(rule => rule.Groups.Contains(group)).Select(rule => rule.Category).Distinct().ToArray();
        return categories.Length == 1 ? Heads.Of(categories[0]) : -1;
    }
}
