using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>A term found in a piece of folded text.</summary>
internal readonly record struct TermHit(int Term, Stretch Place);

/// <summary>Finds terms in every reading of a piece of folded text. A reading that would say nothing new is not made.</summary>
internal sealed class TermFinder(RuleSet rules)
{
    private readonly MappedText _spaced = new(RuleScan.PieceLength);
    private readonly MappedText _reading = new(RuleScan.PieceLength);

    /// <summary>Adds what is found, in no order, and answers how many characters were read.</summary>
    public long Find(MappedText folded, List<TermHit> hits)
    {
        WordReading.Write(folded, sourceIsFolded: true, _reading);
        var read = Scan(rules.Words, MappedText.Marks.None, folded, hits);

        var spaced = SpacedReading.Applies(folded.Chars);
        if (spaced)
        {
            SpacedReading.Write(folded, _spaced);
            WordReading.Write(_spaced, sourceIsFolded: false, _reading);
            read += Scan(rules.Words, MappedText.Marks.Joined, folded, hits);
        }

        var source = spaced ? _spaced : folded;
        if (!LeetReading.Applies(source.Chars)) return read;
        LeetReading.Write(source, !spaced, 'i', _reading);
        read += Scan(rules.Squeezed, MappedText.Marks.Altered, folded, hits);
        if (!source.Chars.ContainsAny('1', '|')) return read;
        LeetReading.Write(source, !spaced, 'l', _reading);
        return read + Scan(rules.Squeezed, MappedText.Marks.Altered, folded, hits);
    }

    private int Scan(TermAutomaton automaton, MappedText.Marks required, MappedText folded, List<TermHit> hits)
    {
        var chars = _reading.Chars;
        var state = 0;
        for (var i = 0; i < chars.Length; i++)
        {
            state = automaton.Next(state, chars[i]);
            for (var output = automaton.FirstOutput(state); output >= 0; output = automaton.NextOutput(output))
                foreach (var pattern in automaton.PatternsAt(output))
                    if (TermMatch.TryAccept(rules.Compiled.Terms[pattern.Term], i + 1 - pattern.Length, i + 1, _reading, folded, required, out var place))
                        hits.Add(new TermHit(pattern.Term, place));
        }

        return chars.Length;
    }
}
