using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>A term found in a piece of folded text.</summary>
internal readonly record struct TermHit(int Term, Stretch Place);

/// <summary>Finds terms in every reading of a piece of folded text. A reading that would say nothing new is not made.</summary>
internal sealed class TermFinder(RuleSet rules)
{
    private readonly MappedText _spaced = new(RuleScan.PieceLength);
    private readonly MappedText _reading = new(RuleScan.PieceLength);
    private readonly MendedReading _mended = new(RuleScan.PieceLength);
    private readonly PinyinFinder _pinyin = new(rules);
    private readonly SplitHits _split = new();

    /// <summary>Adds what is found, in no order, and answers how many characters were read.</summary>
    public long Find(MappedText folded, List<TermHit> hits)
    {
        WordReading.Write(folded, sourceIsFolded: true, _reading);
        long read = Scan(_reading, rules.Words, MappedText.Marks.None, folded, hits);
        read -= _mended.Work;
        if (_mended.Read(_reading, rules.Misspellings)) read += Scan(_mended.Text, rules.Words, MappedText.Marks.Altered, folded, hits);
        read += _mended.Work;

        var spaced = SpacedReading.Applies(folded.Chars);
        if (spaced)
        {
            SpacedReading.Write(folded, _spaced);
            WordReading.Write(_spaced, sourceIsFolded: false, _reading);
            read += Scan(_reading, rules.Words, MappedText.Marks.Joined, folded, hits);
        }

        read += _pinyin.Find(spaced ? _spaced : folded, !spaced, folded, hits);
        read += FindLeet(folded, sourceIsFolded: true, folded, hits);

        // Signs for letters can make a word look spaced out, so both are read.
        if (spaced) read += FindLeet(_spaced, sourceIsFolded: false, folded, hits);
        return read + _split.Finish(folded, hits);
    }

    private long FindLeet(MappedText source, bool sourceIsFolded, MappedText folded, List<TermHit> hits)
    {
        if (!LeetReading.Applies(source.Chars)) return 0;
        var (read, doubtful) = LeetReading.Write(source, sourceIsFolded, 'i', rules.Misspellings, _reading);
        read += Scan(_reading, rules.Squeezed, MappedText.Marks.Altered, folded, hits);
        if (!doubtful) return read;
        read += LeetReading.Write(source, sourceIsFolded, 'l', rules.Misspellings, _reading).Work;
        return read + Scan(_reading, rules.Squeezed, MappedText.Marks.Altered, folded, hits);
    }

    // Matches have to touch what the reading has made, so only its neighbourhood is looked at.
    private int Scan(MappedText reading, TermAutomaton automaton, MappedText.Marks required, MappedText folded, List<TermHit> hits)
    {
        if (required == MappedText.Marks.None) return Scan(reading, 0, reading.Length, automaton, required, folded, hits);
        var looked = reading.Length;
        for (var marked = reading.NextMarked(required, 0); marked >= 0;)
        {
            var (start, end) = (Math.Max(0, marked - RuleCompiler.LongestTerm), marked + RuleCompiler.LongestTerm);
            while ((marked = reading.NextMarked(required, marked + 1)) >= 0 && marked - RuleCompiler.LongestTerm <= end) end = marked + RuleCompiler.LongestTerm;
            looked += Scan(reading, start, Math.Min(end, reading.Length), automaton, required, folded, hits);
        }

        return looked;
    }

    private int Scan(MappedText reading, int start, int end, TermAutomaton automaton, MappedText.Marks required, MappedText folded, List<TermHit> hits)
    {
        var chars = reading.Chars;
        var state = 0;
        for (var i = start; i < end; i++)
        {
            state = automaton.Next(state, chars[i]);
            for (var output = automaton.FirstOutput(state); output >= 0; output = automaton.NextOutput(output))
                foreach (var pattern in automaton.PatternsAt(output))
                    if (TermMatch.TryAccept(rules.Compiled.Terms[pattern.Term], i + 1 - pattern.Length, i + 1, reading, folded, required, out var place, out var evidence))
                        Keep(new TermHit(pattern.Term, place), evidence, hits);
        }

        return end - start;
    }

    private void Keep(TermHit hit, SplitEvidence evidence, List<TermHit> hits)
    {
        if (evidence == SplitEvidence.None) hits.Add(hit);
        else _split.Add(hit, sure: evidence == SplitEvidence.Split);
    }
}
