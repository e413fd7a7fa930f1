using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>
/// The terms of a piece that stops split, surely or perhaps. Clauses hardly ever spell two terms close together by chance, so a doubtful one counts beside
/// another one of either kind.
/// </summary>
internal sealed class SplitHits
{
    // From the end of one term to the start of the next, characters of folded text.
    private const int LongestWay = 16;

    private readonly List<(TermHit Hit, bool Sure)> _found = [];
    private bool _anyDoubtful;

    public void Add(TermHit hit, bool sure)
    {
        _found.Add((hit, sure));
        _anyDoubtful |= !sure;
    }

    /// <summary>Moves what counts to the hits, and takes the stops inside for the separators that they are. Answers how many neighbours it has looked at.</summary>
    public int Finish(MappedText folded, List<TermHit> hits)
    {
        var looked = _anyDoubtful ? Confirm() : 0;
        foreach (var (hit, sure) in _found)
        {
            if (!sure) continue;
            hits.Add(hit);
            Silence(folded, hit.Place);
        }

        _found.Clear();
        _anyDoubtful = false;
        return looked;
    }

    private int Confirm()
    {
        var looked = 0;
        _found.Sort(static (a, b) => a.Hit.Place.Start.CompareTo(b.Hit.Place.Start));
        for (var i = 0; i < _found.Count; i++)
        {
            var end = _found[i].Hit.Place.End;
            for (var next = i + 1; next < _found.Count && _found[next].Hit.Place.Start <= end + LongestWay; next++)
            {
                looked++;
                if (_found[next].Hit.Place.Start < end) continue;
                _found[i] = _found[i] with { Sure = true };
                _found[next] = _found[next] with { Sure = true };
            }
        }

        return looked;
    }

    // Not the stop before a term, unless it is the one that splits it.
    private static void Silence(MappedText folded, Stretch place)
    {
        var start = place.Start > 0 && folded[place.Start - 1] == folded[place.Start + 1] ? place.Start - 1 : place.Start;
        for (var i = start; i < place.End; i++)
            if (!Letters.IsWord(folded[i])) folded.Mark(i, MappedText.Marks.Silent);
    }
}
