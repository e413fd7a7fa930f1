using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Models;

/// <summary>
/// Has the model judge pieces of folded text: each reading, window by window and as a whole, so that one bad paragraph is seen in a long text. Holds only
/// buffers; linear in the length of the piece.
/// </summary>
internal sealed class Classifier(ScreeningModel model, RuleSet rules)
{
    private const int MostStretches = RuleScan.PieceLength / Grams.Hop + 1;

    private readonly ClassifierReading _reading = new(RuleScan.PieceLength, rules);
    private readonly Grams _grams = new();
    private readonly Lexicon _lexicon = new(rules);
    private readonly int[] _rows = new int[Lexicon.Rows];
    private readonly int[] _sums = new int[MostStretches * Heads.Lanes];
    private readonly (int Grams, int Letters, int Han)[] _sizes = new (int, int, int)[MostStretches];
    private readonly int[] _firstHits = new int[MostStretches + 1];

    /// <summary>What the last piece has made it think; places are in the folded piece.</summary>
    public Opinions Opinions { get; } = new();

    /// <summary>Elementary steps taken so far.</summary>
    public long Work { get; private set; }

    /// <param name="folded">The piece.</param>
    /// <param name="hits">The terms in it, by where they end.</param>
    public void Judge(MappedText folded, ReadOnlySpan<TermHit> hits)
    {
        Opinions.Clear();
        var stretches = (folded.Length + Grams.Hop - 1) / Grams.Hop;
        Share(hits, stretches);
        for (var kind = 0; kind < ClassifierReading.Kinds; kind++)
        {
            if (!_reading.TryRead(folded, kind, hits)) continue;
            _sums.AsSpan(0, stretches * Heads.Lanes).Clear();
            _sizes.AsSpan(0, stretches).Clear();
            var sink = new Summing(this);
            _grams.Read(_reading.Text, ref sink);
            Work += _reading.Text.Length;
            Judge(0, stretches, folded.Length, hits, 0);
            if (stretches <= 2) continue;
            var handicap = MathF.Log(stretches - 1);
            for (var first = 0; first + 2 <= stretches; first++) Judge(first, first + 2, folded.Length, hits, handicap);
        }
    }

    // Hits come by where they end, so those of a row of stretches lie side by side.
    private void Share(ReadOnlySpan<TermHit> hits, int stretches)
    {
        var hit = 0;
        for (var stretch = 0; stretch <= stretches; stretch++)
        {
            while (hit < hits.Length && (hits[hit].Place.End - 1) / Grams.Hop < stretch) hit++;
            _firstHits[stretch] = hit;
        }
    }

    // Whoever looks many times sees something sooner or later: each of many windows has to be that much surer.
    private void Judge(int first, int end, int length, ReadOnlySpan<TermHit> hits, float handicap)
    {
        Span<int> gramSums = stackalloc int[Heads.Lanes];
        Span<int> lexiconSums = stackalloc int[Heads.Lanes];
        gramSums.Clear();
        lexiconSums.Clear();
        var (grams, letters, han) = (0, 0, 0);
        for (var stretch = first; stretch < end; stretch++)
        {
            var sums = _sums.AsSpan(stretch * Heads.Lanes, Heads.Lanes);
            for (var lane = 0; lane < Heads.Lanes; lane++) gramSums[lane] += sums[lane];
            var size = _sizes[stretch];
            (grams, letters, han) = (grams + size.Grams, letters + size.Letters, han + size.Han);
        }

        if (grams == 0) return;
        var inside = hits[_firstHits[first].._firstHits[end]];
        Work += inside.Length + end - first;
        ScreeningModel.Add(model.Lexicon, _rows.AsSpan(0, _lexicon.Read(inside, letters, _rows)), lexiconSums);
        var language = Languages.Of(letters, han);
        for (var head = 0; head < Heads.Count; head++)
        {
            var score = model.Score(head, gramSums[head], grams, lexiconSums[head]);
            var logOdds = model.CalibrationOf(language, head).LogOdds(score) - handicap;
            Opinions.Keep(language, head, new Opinion(logOdds, 0, first * Grams.Hop, Math.Min(end * Grams.Hop, length)));
        }
    }

    private readonly struct Summing(Classifier classifier) : IStretchSink
    {
        public void Take(int stretch, ReadOnlySpan<int> buckets, int letters, int han)
        {
            ScreeningModel.Add(classifier.Model.Grams, buckets, classifier._sums.AsSpan(stretch * Heads.Lanes, Heads.Lanes));
            classifier._sizes[stretch] = (buckets.Length, letters, han);
            classifier.Work += buckets.Length;
        }
    }

    private ScreeningModel Model => model;
}
