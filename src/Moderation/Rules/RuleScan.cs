using System.Runtime.InteropServices;
using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>A rule that applies, and the stretch of folded text it applies to.</summary>
internal readonly record struct RuleHit(CompiledRule Rule, Stretch Place);

/// <summary>
/// Finds the rules that apply to one piece of folded text: terms in every reading first, then the rules over the terms. Holds only buffers; linear in the
/// length of the piece whatever the text.
/// </summary>
internal sealed class RuleScan
{
    public const int PieceLength = 16_384;

    private const int Hidden = -1;

    private readonly RuleSet _rules;
    private readonly Term[] _terms;
    private readonly RuleStep[][] _steps;
    private readonly TermFinder _finder;
    private readonly LetterCount _letters = new(PieceLength);
    private readonly List<TermHit> _hits = [];
    private readonly HitRing[] _groups;
    private readonly HitRing[] _partials;
    private int _scan;

    public RuleScan(RuleSet rules)
    {
        _rules = rules;
        _finder = new TermFinder(rules);
        (_terms, _steps) = (rules.Compiled.Terms, rules.Compiled.StepsByGroup);
        _groups = [.. rules.Compiled.StepsByGroup.Select(_ => new HitRing())];
        _partials = [.. Enumerable.Range(0, rules.Compiled.Partials).Select(_ => new HitRing())];
    }

    public MappedText Folded { get; } = new(PieceLength);

    /// <summary>Elementary steps so far: characters fed, hits handled, neighbours looked at. Tests hold it to a multiple of the text's length.</summary>
    public long Work { get; private set; }

    /// <summary>The terms met by the last run, by where they end; those inside harmless phrases left out.</summary>
    public ReadOnlySpan<TermHit> Terms => CollectionsMarshal.AsSpan(_hits);

    /// <summary>The rules that the piece in <see cref="Folded"/> breaks. Each rule may come several times.</summary>
    public void Run(RuleStages stage, List<RuleHit> found)
    {
        _hits.Clear();
        Work += _finder.Find(Folded, _hits);
        if (_hits.Count == 0) return;
        _letters.Count(Folded);
        for (var i = 0; i < _hits.Count; i++) _hits[i] = _hits[i] with { Place = _letters.Measure(_hits[i].Place) };
        _hits.Sort(static (a, b) => a.Place.End != b.Place.End ? a.Place.End.CompareTo(b.Place.End) : a.Place.Start.CompareTo(b.Place.Start));
        HideHarmless();

        _scan = unchecked(_scan + 1) & int.MaxValue;
        foreach (var hit in _hits)
            foreach (var group in _terms[hit.Term].Matched)
            {
                _groups[group].Add(_scan, hit.Place);
                foreach (var step in _steps[group])
                    if ((step.Rule.Stages & stage) != 0) Advance(step, hit.Place, found);
            }
    }

    private void HideHarmless()
    {
        var group = _rules.Compiled.Harmless;
        var any = false;
        for (var i = 0; i < _hits.Count; i++)
        {
            if (_hits[i].Term == Hidden || !_terms[_hits[i].Term].Groups.Contains(group)) continue;
            var place = _hits[i].Place;
            for (var other = i - 1; other >= 0 && _hits[other].Place.End > place.Start; other--) any |= HideInside(place, other);
            for (var other = i + 1; other < _hits.Count && _hits[other].Place.End == place.End; other++) any |= HideInside(place, other);
        }

        if (any) _hits.RemoveAll(static h => h.Term == Hidden);
    }

    private bool HideInside(Stretch place, int other)
    {
        Work++;
        var inner = _hits[other].Place;
        if (inner.Start < place.Start || inner.End - inner.Start >= place.End - place.Start) return false;
        _hits[other] = new TermHit(Hidden, inner);
        return true;
    }

    private void Advance(RuleStep step, Stretch hit, List<RuleHit> found)
    {
        Work++;
        var rule = step.Rule;
        Stretch place;
        if (rule.Counts.Length > 0)
        {
            if (!InWindow(rule, hit, out place)) return;
        }
        else if (rule.Groups.Length == 1) place = hit;
        else
        {
            var before = step.Step == 1 ? _groups[rule.Groups[0]] : _partials[step.Before];
            if (!before.TryFind(_scan, hit, rule.Gaps[step.Step - 1], out var begun)) return;
            place = new Stretch(begun.Start, hit.End, begun.FirstLetter, hit.LastLetter);
            if (step.Partial >= 0)
            {
                _partials[step.Partial].Add(_scan, place);
                return;
            }
        }

        if (!IsExcepted(rule, place)) found.Add(new RuleHit(rule, place));
    }

    private bool InWindow(CompiledRule rule, Stretch hit, out Stretch place)
    {
        place = hit;
        for (var i = 0; i < rule.Groups.Length; i++)
        {
            if (!_groups[rule.Groups[i]].TryFindLast(_scan, rule.Counts[i], out var earliest)) return false;
            if (hit.LastLetter - earliest.FirstLetter > rule.Within) return false;
            if (earliest.Start < place.Start) place = earliest with { End = hit.End, LastLetter = hit.LastLetter };
        }

        return true;
    }

    private bool IsExcepted(CompiledRule rule, Stretch place)
    {
        if (rule.Unless is not { } unless) return false;
        var (from, to) = (place.FirstLetter - rule.UnlessWithin, place.LastLetter + rule.UnlessWithin);
        for (var i = FirstEndingAfter(from); i < _hits.Count && _hits[i].Place.LastLetter <= to + RuleCompiler.LongestTerm; i++)
        {
            Work++;
            if (_hits[i].Place.FirstLetter <= to && _terms[_hits[i].Term].Groups.Contains(unless)) return true;
        }

        return false;
    }

    private int FirstEndingAfter(int letter)
    {
        var (low, high) = (0, _hits.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_hits[middle].Place.LastLetter > letter) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
