using System.Diagnostics;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Screenings;
using Aigc2d.ServiceDefaults.Screenings;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>
/// Plays texts as streams of small chunks through the windows that providers' answers are screened in, and sees what a reader gets of those that are cut, and
/// how many harmless ones are cut. A violating stream is a harmless text with an unsafe one in it; only texts count that the engine blocks by themselves, so
/// that the windows are measured and not the engine.
/// </summary>
internal sealed class StreamLeaks(TextScreener screener)
{
    private const int Seed = 20_260_101;
    private const int LongestChunk = 40;
    private const int LongestPrelude = 600;
    private const int LongestTail = 400;

    private readonly List<(List<string> Texts, bool IsMixed)> _sets = [];
    private readonly List<string> _unsafe = [];
    private List<string> _benign = [];

    public void BeginSet() => _sets.Add(([], IsMixed: false));

    public void Add(Row row)
    {
        if (row.Text.Length == 0 || row.Labels!.Unsafe is not { } isUnsafe) return;
        if (!isUnsafe)
        {
            _sets[^1].Texts.Add(row.Text);
            return;
        }

        _sets[^1] = (_sets[^1].Texts, IsMixed: true);
        if (Blocks(row.Text)) _unsafe.Add(row.Text);
    }

    /// <summary>Measures both paces: a fast provider, whose text is screened when enough of it waits, and a slow one, where time is up before and each chunk is screened.</summary>
    public async Task<IReadOnlyList<StreamFigures>> MeasureAsync(Progress progress)
    {
        // What is harmless among offences is often a matter of opinion, and no answer of a provider.
        _benign = [.. _sets.Where(set => !set.IsMixed).SelectMany(set => set.Texts)];
        if (_benign.Count == 0) _benign = [.. _sets.SelectMany(set => set.Texts)];
        var blockedWhole = _benign.Count(Blocks);
        var figures = new List<StreamFigures>();
        foreach (var isSlow in new[] { false, true })
        {
            var random = new Random(Seed);
            var (leaks, missed, cut, played) = (new List<double>(), 0, 0, new Played());
            foreach (var text in _unsafe)
            {
                var start = Prelude(random);
                var stream = start + text + Tail(random);
                var delivered = Play(stream, isSlow, random, played);
                if (delivered is null) missed++;
                leaks.Add(Math.Max(0, (delivered ?? stream.Length) - start.Length));
                await progress.AddAsync(1);
            }

            foreach (var text in _benign)
            {
                if (Play(text, isSlow, random, played) is not null) cut++;
                await progress.AddAsync(1);
            }

            figures.Add(new StreamFigures
            {
                Pace = isSlow ? "every chunk" : $"{OutputWindow.DueCharacters} characters",
                Leaks = leaks,
                Missed = missed,
                Benign = _benign.Count,
                BenignCut = cut,
                BenignBlockedWhole = blockedWhole,
                MicrosecondsPerChunk = played.Chunks == 0 ? null : played.Screening.TotalMicroseconds / played.Chunks,
            });
        }

        return figures;
    }

    /// <summary>How many characters had been delivered when the stream was cut; null when it was not.</summary>
    private int? Play(string text, bool isSlow, Random random, Played played)
    {
        var window = new OutputWindow();
        var delivered = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = Math.Min(text.Length, at + random.Next(1, LongestChunk + 1));
            if (end < text.Length && char.IsSurrogatePair(text[end - 1], text[end])) end++;
            window.Add(text[at..end]);
            at = end;
            played.Chunks++;
            if (!isSlow && !window.IsDue && at < text.Length) continue;

            var started = Stopwatch.GetTimestamp();
            var isBlocked = window.Slices().Any(Blocks);
            played.Screening += Stopwatch.GetElapsedTime(started);
            if (isBlocked) return delivered;
            window.Release();
            delivered = at;
        }

        return null;
    }

    private bool Blocks(string text) => screener.Screen([text], ScreeningStage.Output).Action == VerdictAction.Block;

    private string Prelude(Random random)
    {
        if (_benign.Count == 0) return "";
        var text = _benign[random.Next(_benign.Count)];
        return text[..Math.Min(text.Length, random.Next(LongestPrelude))] + "\n";
    }

    private string Tail(Random random)
    {
        if (_benign.Count == 0) return "";
        var text = _benign[random.Next(_benign.Count)];
        return "\n" + text[..Math.Min(text.Length, LongestTail)];
    }

    private sealed class Played
    {
        public int Chunks { get; set; }

        public TimeSpan Screening { get; set; }
    }
}

/// <summary>What streams of one pace leak.</summary>
internal sealed record StreamFigures
{
    /// <summary>When held text is screened.</summary>
    public required string Pace { get; init; }

    /// <summary>For each violating stream how many characters were delivered from the first violating one on; all of them when nothing cut it.</summary>
    public required IReadOnlyList<double> Leaks { get; init; }

    /// <summary>Violating streams that nothing cut.</summary>
    public required int Missed { get; init; }

    public required int Benign { get; init; }

    public required int BenignCut { get; init; }

    /// <summary>Harmless texts that the engine blocks when it sees them whole.</summary>
    public required int BenignBlockedWhole { get; init; }

    public required double? MicrosecondsPerChunk { get; init; }

    public double? ShareCut => Benign == 0 ? null : (double)BenignCut / Benign;
}
