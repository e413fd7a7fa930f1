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
    private const int MostWindows = 3;

    private readonly RuleScan _scan = new(rules);
    private readonly ClassifierReading _reading = new(RuleScan.PieceLength, rules);
    private readonly Grams _grams = new();
    private readonly Lexicon _lexicon = new(rules);
    private readonly int[] _rows = new int[Lexicon.Rows];
    private readonly List<RuleHit> _hits = [];

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
        var stretches = new Collecting([]);
        _grams.Read(_reading.Text, ref stretches);

        var last = stretches.All.Count == 0 ? 0 : stretches.All[^1].Stretch + 1;
        if (last == 0) return [];
        var whole = Make(sample, stretches.All, 0, last);
        if (last <= 2 || !sample.IsSafe || sample.Made) return [whole];
        return [whole, .. Enumerable.Range(0, Math.Min(MostWindows, last / 2)).Select(i => Make(sample, stretches.All, 2 * i, 2 * i + 2)).Where(example => example.Buckets.Length > 0)];
    }

    private Example Make(Sample sample, List<(int Stretch, int[] Buckets, int Letters, int Han)> stretches, int first, int end)
    {
        var inside = stretches.Where(s => s.Stretch >= first && s.Stretch < end).ToArray();
        var (letters, han) = (inside.Sum(s => s.Letters), inside.Sum(s => s.Han));
        TermHit[] hits = [.. _scan.Terms.ToArray().Where(hit => (hit.Place.End - 1) / Grams.Hop is var at && at >= first && at < end)];
        var rows = _lexicon.Read(hits, letters, _rows);
        return new Example(sample, [.. inside.SelectMany(s => s.Buckets)], _rows[..rows], Languages.Of(letters, han));
    }

    private readonly record struct Collecting(List<(int Stretch, int[] Buckets, int Letters, int Han)> All) : IStretchSink
    {
        public void Take(int stretch, ReadOnlySpan<int> buckets, int letters, int han) => All.Add((stretch, buckets.ToArray(), letters, han));
    }
}
