using System.Numerics;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Models;

/// <summary>
/// What the terms of the rules say about a window as features: which groups of terms occur, how many terms of each category there are, and how dense they
/// stand. The rows are part of the model file's format; groups are known by name, so that a rule set may grow under a model.
/// </summary>
internal sealed class Lexicon
{
    public const int Rows = 4096;

    private const int CountRows = 4;
    private const int DensityRows = 8;

    private static readonly int ByCategory = Categories.All.Count * (CountRows + DensityRows);

    private readonly Term[] _terms;
    private readonly int[] _rowByGroup;
    private readonly int[] _categoryByGroup;
    private readonly int[] _counts = new int[Categories.All.Count];
    private readonly ulong[] _seen = new ulong[Rows / 64];

    public Lexicon(RuleSet rules)
    {
        var compiled = rules.Compiled;
        _terms = compiled.Terms;
        _rowByGroup = [.. compiled.GroupNames.Select(RowOf)];
        _categoryByGroup = [.. Enumerable.Range(0, compiled.GroupNames.Count).Select(group => CategoryOf(compiled, group))];
    }

    /// <summary>Writes the rows of a window, each once, and answers how many there are.</summary>
    /// <param name="hits">The terms in the window.</param>
    /// <param name="letters">The letters of the window.</param>
    /// <param name="rows">Room for <see cref="Rows"/> at most.</param>
    public int Read(ReadOnlySpan<TermHit> hits, int letters, Span<int> rows)
    {
        if (hits.IsEmpty) return 0;
        var count = 0;
        foreach (var hit in hits)
        {
            var category = -1;
            foreach (var group in _terms[hit.Term].Groups)
            {
                Add(_rowByGroup[group], rows, ref count);
                if (category < 0) category = _categoryByGroup[group];
            }

            if (category >= 0) _counts[category]++;
        }

        for (var category = 0; category < _counts.Length; category++)
        {
            if (_counts[category] == 0) continue;
            var first = category * (CountRows + DensityRows);
            Add(first + Math.Min(_counts[category], CountRows) - 1, rows, ref count);
            Add(first + CountRows + Math.Min(BitOperations.Log2((uint)(_counts[category] * 1024L / Math.Max(letters, 1) / 4 + 1)), DensityRows - 1), rows, ref count);
            _counts[category] = 0;
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
        return ByCategory + (int)((hash ^ (hash >> 32)) % (ulong)(Rows - ByCategory));
    }

    // Words that several categories share say nothing about one of them.
    private static int CategoryOf(CompiledRules compiled, int group)
    {
        var categories = compiled.Rules.Where(rule => rule.Groups.Contains(group)).Select(rule => rule.Category).Distinct().ToArray();
        return categories.Length == 1 ? Heads.Of(categories[0]) : -1;
    }
}
