using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Training;

/// <summary>A text, or a window of it, as the model sees it.</summary>
internal sealed record Example(Sample Sample, int[] Buckets, int[] Rows, Language Language)
{
    /// <summary>What an n-gram counts for.</summary>
    public float Share { get; } = 1 / MathF.Sqrt(Buckets.Length);
}

/// <summary>Makes examples exactly as the classifier reads a text; long harmless texts also give windows of their own.</summary>
internal sealed class ExampleReader(RuleSet rules)
{
    private const int MostWindows = 6;

    private readonly RuleScan _scan = new(rules);
    private readonly ClassifierReading _reading = new(RuleScan.PieceLength, rules);
    private readonly Grams _grams = new();
    private readonly Sentences _sentences = new(RuleScan.PieceLength);
    private readonly Lexicon _lexicon = new(rules);
    private readonly int[] _rows = new int[Lexicon.Rows];
    private readonly List<RuleHit> _hits = [];
    private readonly List<(int Sentence, int[] Fresh, int[] Repeated, int Letters, int Han)> _read = [];

    public static Example[] ReadAll(RuleSet rules, IReadOnlyList<Sample> samples)
    {
        var examples = new Example[samples.Count][];
        Parallel.For(0, samples.Count, () => new ExampleReader(rules), (i, _, reader) =>
        {
            examples[i] = reader.Read(samples[i]);
            return reader;
        }, _ => { });
        return [.. examples.SelectMany(some => some)];
    }

    private Example[] Read(Sample sample)
    {
        var folded = _scan.Folded;
        folded.Clear();
        new TextFold(sample.Text).Fill(folded);
        _hits.Clear();
        _scan.Run(RuleStages.Both, _hits);
        _reading.TryRead(folded, 0, []);
        _sentences.Read(folded.Chars);
        _read.Clear();
        var sink = new Collecting(_read);
        _grams.Read(_reading.Text, _sentences, ref sink);
        if (_read.Count == 0) return [];

        List<Example> examples = [Make(sample, 0, _sentences.Count, [.. _read.SelectMany(part => part.Fresh)])];
        if (!sample.IsSafe || sample.Made || folded.Length <= TextWindows.Widest) return [.. examples];
        var windows = new TextWindows(_sentences, most: int.MaxValue);
        while (examples.Count <= MostWindows && windows.Next()) examples.Add(Make(sample, windows.First, windows.End, [.. Inside(windows.First, windows.End).SelectMany(part => part.Fresh.Concat(part.Repeated))]));
        return [.. examples.Where(example => example.Buckets.Length > 0)];
    }

    private Example Make(Sample sample, int first, int end, int[] buckets)
    {
        var inside = Inside(first, end).ToArray();
        var (letters, han) = (inside.Sum(part => part.Letters), inside.Sum(part => part.Han));
        TermHit[] hits = [.. _scan.Terms.ToArray().Where(hit => hit.Place.End > _sentences.StartOf(first) && hit.Place.End <= _sentences.EndOf(end - 1))];
        var rows = _lexicon.Read(hits, letters, _rows);
        return new Example(sample, buckets, _rows[..rows], Languages.Of(letters, han));
    }

    private IEnumerable<(int Sentence, int[] Fresh, int[] Repeated, int Letters, int Han)> Inside(int first, int end) => _read.Where(part => part.Sentence >= first && part.Sentence < end);

    private readonly record struct Collecting(List<(int Sentence, int[] Fresh, int[] Repeated, int Letters, int Han)> All) : ISentenceSink
    {
        public void Take(int sentence, ReadOnlySpan<int> fresh, ReadOnlySpan<int> repeated, int letters, int han) =>
            All.Add((sentence, fresh.ToArray(), repeated.ToArray(), letters, han));
    }
}
