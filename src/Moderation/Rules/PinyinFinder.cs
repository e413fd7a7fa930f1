using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>Finds Chinese terms that are written in pinyin, wholly or in part. Short ones count only where their surroundings are Chinese too.</summary>
internal sealed class PinyinFinder(RuleSet rules)
{
    // Fewer letters spell English words, names and abbreviations (AI, GAN) by chance.
    private const int FewestLetters = 6;
    private const int FewestLettersInChinese = 4;
    private const int FewestLettersBesideHan = 2;

    // A run of so many syllables that are no English words is pinyin and nothing else.
    private const int SureChinese = 3;
    private const int SureThroughout = 6;

    private readonly PinyinReading _reading = new(RuleScan.PieceLength);

    /// <summary>Adds what is found and answers how many characters were read.</summary>
    public long Find(MappedText source, bool sourceIsFolded, MappedText folded, List<TermHit> hits)
    {
        if (!_reading.Read(source, sourceIsFolded)) return source.Length;
        foreach (var run in _reading.Runs)
        {
            var before = hits.Count;
            Scan(run, hits);
            if (hits.Count > before && (run.HasHan || run.Foreign >= SureChinese)) Shorten(run, folded);
        }

        return source.Length + _reading.Text.Length;
    }

    // Distances in rules for Chinese are meant in characters.
    private void Shorten(PinyinRun run, MappedText folded)
    {
        for (var i = run.Start; i < run.End; i++)
            for (var letter = _reading.Text.OriginOf(i) + 1; letter < _reading.EndOf(i); letter++) folded.Mark(letter, MappedText.Marks.Silent);
    }

    private void Scan(PinyinRun run, List<TermHit> hits)
    {
        var automaton = rules.Pinyin;
        var text = _reading.Text;
        var state = 0;
        for (var i = run.Start; i < run.End; i++)
        {
            state = automaton.Next(state, text[i]);
            for (var output = automaton.FirstOutput(state); output >= 0; output = automaton.NextOutput(output))
            {
                var patterns = automaton.PatternsAt(output);
                var start = i + 1 - patterns[0].Length;
                if (!IsMeant(run, start, i + 1)) continue;
                foreach (var pattern in patterns) hits.Add(new TermHit(pattern.Term, new Stretch(text.OriginOf(start), _reading.EndOf(i), 0, 0)));
            }
        }
    }

    private bool IsMeant(PinyinRun run, int start, int end)
    {
        var (letters, han, foreign) = (0, 0, 0);
        for (var i = start; i < end; i++)
        {
            var marks = _reading.Text.MarksOf(i);
            if (marks == MappedText.Marks.None) han++;
            else letters += _reading.EndOf(i) - _reading.Text.OriginOf(i);
            if ((marks & MappedText.Marks.Joined) != 0) foreign++;
        }

        if (han == end - start || (foreign == 0 && han == 0 && run.Foreign < SureChinese)) return false;
        if (run.Foreign >= SureThroughout) return true;
        if (end - start == 1) return run.HasHan && letters >= FewestLettersInChinese;
        if (han > 0) return letters >= FewestLettersBesideHan;
        return letters >= (run.HasHan || run.Foreign >= SureChinese ? FewestLettersInChinese : FewestLetters);
    }
}
