using System.Text.Json;
using Aigc2d.Moderation.Evaluation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tests.Models;

namespace Aigc2d.Moderation.Tests.Evaluation;

/// <summary>Streams on rules that say what leaks: a fork is forbidden unless there is a spoon near it.</summary>
public sealed class StreamLeaksTests
{
    private static readonly RuleSet Rules = RuleSet.Compile(
    [
        new RuleFile
        {
            Category = "hate",
            Terms = new() { ["fork"] = ["fork"], ["spoon"] = ["spoon"] },
            Rules = [new RuleEntry { Id = "hate.fork", Clause = "forks", Severity = Severity.P1, Match = "fork", Unless = "spoon", UnlessWithin = 60 }],
        },
    ], "test");

    private static readonly TextScreener Screener = new(Rules);

    [Fact]
    public async Task What_is_held_when_it_is_recognised_never_leaks()
    {
        var fast = (await MeasureAsync(("a fork", 1), (new string('x', 800), 0)))[0];
        Assert.Equal((0, 0, 1, 0), (Assert.Single(fast.Leaks), fast.Missed, fast.Benign, fast.BenignCut));
    }

    [Fact]
    public async Task What_a_stream_hides_leaks_to_its_end()
    {
        var fast = (await MeasureAsync(("a fork", 1), (string.Concat(Enumerable.Repeat("spoon ", 100)), 0)))[0];
        Assert.Equal(("a fork\n".Length + 400, 1), (Assert.Single(fast.Leaks), fast.Missed));
    }

    [Fact]
    public async Task A_sentence_that_only_the_classifier_stops_is_cut_in_the_middle_of_a_harmless_answer()
    {
        var model = OneWordModel.Make("zorblax", "hate", new Thresholds(_ => new Threshold(0.9f, 0.6f)), perHit: 60);
        var harmless = string.Concat(Enumerable.Repeat("the quick brown fox jumps over it. ", 40));
        var figures = await MeasureAsync(new TextScreener(Rules, model), [("zorblax vintery quommed lastly.", 1)], [(harmless, 0)]);

        Assert.All(figures, pace => Assert.Equal((1, 0, 0), (pace.Leaks.Count, pace.Missed, pace.BenignCut)));
    }

    [Fact]
    public async Task An_unsafe_text_that_the_engine_lets_through_by_itself_is_no_violating_stream()
    {
        var figures = await MeasureAsync(("a fork and a spoon", 1), ("a knife", 1), ("nothing", 0));
        Assert.All(figures, pace => Assert.Empty(pace.Leaks));
    }

    [Fact]
    public async Task A_harmless_text_that_looks_bad_in_its_middle_is_cut_only_in_a_slow_stream()
    {
        var figures = await MeasureAsync((new string('x', 50) + " a fork " + new string('y', 40) + " and spoon", 0));
        Assert.Equal([(1, 0, 0), (1, 1, 0)], figures.Select(pace => (pace.Benign, pace.BenignCut, pace.BenignBlockedWhole)));
    }

    [Fact]
    public async Task Harmless_rows_among_unsafe_ones_are_streams_only_when_there_are_no_others()
    {
        var mixed = new[] { ("a fork", 1), ("a knife", 0), ("a cup", 0) };
        Assert.Equal(2, (await MeasureAsync([mixed]))[0].Benign);
        Assert.Equal(1, (await MeasureAsync(mixed, [("a plate", 0)]))[0].Benign);
    }

    private static Task<IReadOnlyList<StreamFigures>> MeasureAsync(params (string Text, int Unsafe)[] rows) => MeasureAsync([.. rows.GroupBy(row => row.Unsafe).Select(set => set.ToArray())]);

    private static Task<IReadOnlyList<StreamFigures>> MeasureAsync(params (string Text, int Unsafe)[][] sets) => MeasureAsync(Screener, sets);

    private static async Task<IReadOnlyList<StreamFigures>> MeasureAsync(TextScreener screener, params (string Text, int Unsafe)[][] sets)
    {
        var leaks = new StreamLeaks(screener);
        foreach (var set in sets)
        {
            leaks.BeginSet();
            Add(leaks, set);
        }

        return await leaks.MeasureAsync(new Progress("eval", TextWriter.Null, TimeProvider.System));
    }

    private static void Add(StreamLeaks leaks, (string Text, int Unsafe)[] rows)
    {
        foreach (var (text, isUnsafe) in rows) leaks.Add(Row.Read(JsonSerializer.SerializeToUtf8Bytes(new { text, @unsafe = isUnsafe }), withLabels: true));
    }
}
