using System.Runtime.Intrinsics;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Models;

/// <summary>
/// Has the model judge pieces of folded text: each reading as a whole, sentence by sentence and in windows of several, so that one bad sentence is seen in a
/// long text. Holds only buffers; linear in the length of the piece.
/// </summary>
internal sealed class Classifier(ScreeningModel model, RuleSet rules)
{
    private static readonly int MostSentences = Sentences.MostIn(RuleScan.PieceLength);

    private readonly ClassifierReading _reading = new(RuleScan.PieceLength, rules);
    private readonly Grams _grams = new();
    private readonly Sentences _sentences = new(RuleScan.PieceLength);
    private readonly Lexicon _lexicon = new(rules);
    private readonly int[] _rows = new int[Lexicon.Rows];
    private readonly int[] _sums = new int[MostSentences * Heads.Lanes];
    private readonly (int Grams, int Letters, int Han)[] _sizes = new (int, int, int)[MostSentences];
    private readonly int[] _firstHits = new int[MostSentences + 1];
    private Vector512<int> _whole;
    private (int Grams, int Letters, int Han) _wholeSize;

    /// <summary>What the last piece has made it think; places are in the folded piece.</summary>
    public Opinions Opinions { get; } = new();

    /// <summary>Elementary steps taken so far.</summary>
    public long Work { get; private set; }

    /// <param name="folded">The piece.</param>
    /// <param name="hits">The terms in it, by where they end.</param>
    /// <param name="stage">Where it was met.</param>
    public void Judge(MappedText folded, ReadOnlySpan<TermHit> hits, RuleStages stage)
    {
        Opinions.Clear();
        _sentences.Read(folded.Chars);
        var count = _sentences.Count;
        Share(hits);
        for (var kind = 0; kind < ClassifierReading.Kinds; kind++)
        {
            if (!_reading.TryRead(folded, kind, hits)) continue;
            _sums.AsSpan(0, count * Heads.Lanes).Clear();
            _sizes.AsSpan(0, count).Clear();
            (_whole, _wholeSize) = (default, default);
            var sink = new Summing(this);
            _grams.Read(_reading.Text, _sentences, ref sink);
            Work += _reading.Text.Length;
            Judge(_whole, _wholeSize, 0, count, hits, handicap: 0);
            if (count == 1) continue;
            Judge(new TextWindows(_sentences, most: 1), hits, stage);
            Judge(new TextWindows(_sentences, most: 2), hits, stage);
            if (folded.Length > TextWindows.Widest) Judge(new TextWindows(_sentences, most: int.MaxValue), hits, stage);
        }
    }

    // Whoever looks many times sees something sooner or later: each window of a long prompt has to be that much surer. How much of an answer is in view is
    // chance, so there each sentence has the same bar, and the thresholds are made for that.
    private void Judge(TextWindows windows, ReadOnlySpan<TermHit> hits, RuleStages stage)
    {
        var handicap = stage == RuleStages.Output ? 0 : MathF.Log(windows.About);
        while (windows.Next()) Judge(windows.First, windows.End, hits, handicap);
    }

    // Hits come by where they end, so those of neighbouring sentences lie side by side.
    private void Share(ReadOnlySpan<TermHit> hits)
    {
        var hit = 0;
        for (var sentence = 0; sentence < _sentences.Count; sentence++)
        {
            _firstHits[sentence] = hit;
            while (hit < hits.Length && hits[hit].Place.End <= _sentences.EndOf(sentence)) hit++;
        }

        _firstHits[_sentences.Count] = hit;
    }

    private void Judge(int first, int end, ReadOnlySpan<TermHit> hits, float handicap)
    {
        var sum = Vector512<int>.Zero;
        var (grams, letters, han) = (0, 0, 0);
        for (var sentence = first; sentence < end; sentence++)
        {
            sum += Vector512.Create<int>(SumsOf(sentence));
            var size = _sizes[sentence];
            (grams, letters, han) = (grams + size.Grams, letters + size.Letters, han + size.Han);
        }

        Work += end - first;
        Judge(sum, (grams, letters, han), first, end, hits, handicap);
    }

    private Span<int> SumsOf(int sentence) => _sums.AsSpan(sentence * Heads.Lanes, Heads.Lanes);

    private void Judge(Vector512<int> gramSum, (int Grams, int Letters, int Han) size, int first, int end, ReadOnlySpan<TermHit> hits, float handicap)
    {
        var (grams, letters, han) = size;
        if (grams == 0) return;
        Span<int> gramSums = stackalloc int[Heads.Lanes];
        gramSum.CopyTo(gramSums);
        Span<int> lexiconSums = stackalloc int[Heads.Lanes];
        lexiconSums.Clear();
        var inside = hits[_firstHits[first].._firstHits[end]];
        Work += inside.Length;
        ScreeningModel.Add(model.Lexicon, _rows.AsSpan(0, _lexicon.Read(inside, letters, _rows)), lexiconSums);
        var language = Languages.Of(letters, han);
        for (var head = 0; head < Heads.Count; head++)
        {
            var score = model.Score(head, gramSums[head], grams, lexiconSums[head]);
            var logOdds = model.CalibrationOf(language, head).LogOdds(score) - handicap;
            Opinions.Keep(language, head, new Opinion(logOdds, 0, _sentences.StartOf(first), _sentences.EndOf(end - 1)));
        }
    }

    private readonly struct Summing(Classifier classifier) : ISentenceSink
    {
        public void Take(int sentence, ReadOnlySpan<int> fresh, ReadOnlySpan<int> repeated, int letters, int han)
        {
            var sums = classifier.SumsOf(sentence);
            ScreeningModel.Add(classifier.Model.Grams, fresh, sums);
            classifier._whole += Vector512.Create<int>(sums);
            ScreeningModel.Add(classifier.Model.Grams, repeated, sums);
            var (all, allLetters, allHan) = classifier._wholeSize;
            classifier._wholeSize = (all + fresh.Length, allLetters + letters, allHan + han);
            classifier._sizes[sentence] = (fresh.Length + repeated.Length, letters, han);
            classifier.Work += fresh.Length + repeated.Length;
        }
    }

    private ScreeningModel Model => model;
}
