using System.Diagnostics;
using System.Text;
using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>Measures what the engine itself costs: its load, its weights, and texts of 100 and of 6,000 characters that are cut out of the rows.</summary>
internal sealed class EngineTargets
{
    private const int Megabyte = 1024 * 1024;
    private const int MostTextOfASet = 32 * 1024;

    // Prime, so that pieces begin everywhere.
    private const int Stride = 7_919;

    private static readonly (int Characters, int Times, Target Target)[] Lengths =
    [
        (100, 2_000, new("100 characters, p99 µs", false, 100, 30, 0)),
        (6_000, 300, new("6,000 characters, p99 µs", false, 2_000, 1_000, 0)),
    ];

    private static readonly Target Load = new("load, ms", false, 300, null, 0);
    private static readonly Target Size = new("weights, MB", false, 16, 6, 1);

    private readonly StringBuilder _text = new();

    private int _left;

    /// <summary>Each set gives some of its texts.</summary>
    public void BeginSet() => _left = MostTextOfASet;

    /// <summary>Keeps a row's text until it is measured with.</summary>
    public void Add(string text)
    {
        if (_left == 0) return;
        var taken = Math.Min(text.Length, _left);
        _left -= taken;
        _text.Append(text.AsSpan(0, taken)).Append('\n');
    }

    public IEnumerable<TargetResult> Measure(MeasuredEngine engine)
    {
        var text = _text.ToString();
        _text.Clear();
        if (text.Length > 0)
        {
            while (text.Length < 2 * Lengths[^1].Characters) text += text;
            foreach (var (characters, times, target) in Lengths)
                if (Quantile.Of(Time(engine, text, characters, times), 0.99) is { } slowest) yield return new TargetResult(target, slowest, "rows, joined and cut; the fastest of three");
        }

        yield return new TargetResult(Load, engine.Load.TotalMilliseconds, "this process");
        if (engine.ModelBytes is { } bytes) yield return new TargetResult(Size, (double)bytes / Megabyte, "the file");
    }

    // What else the machine does meanwhile would be most of the slowest hundredth.
    private static double[] Time(MeasuredEngine engine, string text, int characters, int times)
    {
        var took = new double[times];
        for (var i = -times / 4; i < times; i++)
        {
            var at = (int)((long)(i + times) * Stride % (text.Length - characters));
            string[] piece = [text.Substring(at, characters)];
            var fastest = double.MaxValue;
            for (var run = 0; run < 3; run++)
            {
                var started = Stopwatch.GetTimestamp();
                engine.Screener.Screen(piece, ScreeningStage.Prompt);
                fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }

            if (i >= 0) took[i] = fastest;
        }

        return took;
    }
}
