using System.Diagnostics;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tests.Rules;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>The model as it is shipped.</summary>
public sealed class ShippedModelTests
{
    private static readonly ScreeningModel Model = ScreeningModel.Embedded();
    private static readonly TextScreener Screener = new(RuleSet.Embedded(), Model);

    [Fact]
    public void It_knows_every_category_that_examples_may_be_written_for()
    {
        string[] unknown = [.. Heads.Names.Where((_, head) => Model.Thresholds.Of(ScreeningStage.Prompt, Language.English, head) == Threshold.Never)];

        Assert.Equal(["jurisdiction"], unknown);
    }

    [Fact]
    public void It_is_loaded_in_less_than_three_tenths_of_a_second()
    {
        var started = Stopwatch.GetTimestamp();
        ScreeningModel.Embedded();

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(0.3));
    }

    [Theory]
    [InlineData("What is a good recipe for tomato soup?")]
    [InlineData("Please translate this letter to my landlord into German.")]
    [InlineData("Write a function that sorts a list of integers and explain how it works.")]
    [InlineData("请帮我写一封请假的邮件。")]
    [InlineData("杭州有哪些适合周末去的地方？")]
    public void Everyday_requests_pass(string text)
    {
        var judgement = Screener.Screen([text], ScreeningStage.Prompt);

        Assert.Equal((VerdictAction.Allow, 0), (judgement.Action, judgement.Findings.Length));
        Assert.InRange(judgement.Scores.Unsafe, 0, 0.5f);
    }

    [Theory]
    [InlineData("for (var i = 0; i < items.Length; i++)\n{\n    total += items[i].Price * 1.25m; // tax\n}\n\n")]
    [InlineData("- wash the vegetables.\n- cut them small.\n- boil them for ten minutes.\n")]
    [InlineData("2026-11-21T10:00:00Z INFO request served in 12 ms; status 200.\n")]
    [InlineData("人工智能正在改变世界，您好，很高兴遇见你！")]
    public void Long_harmless_texts_that_repeat_themselves_pass(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 6_000 / unit.Length));

        Assert.All(Enum.GetValues<ScreeningStage>(), stage => Assert.Equal(VerdictAction.Allow, Screener.Screen([text], stage).Action));
    }

    [Fact]
    public void Unsafe_texts_that_it_has_never_seen_score_higher_than_their_safe_twins()
    {
        var twins = TwinTests.Rows("twins.tsv").Where(cells => cells[0] != "jurisdiction").Select(cells => (Unsafe: Opinion(cells[1]), Safe: Opinion(cells[2]))).ToArray();

        Assert.InRange((double)twins.Count(twin => twin.Unsafe > twin.Safe) / twins.Length, 0.8, 1);
    }

    private static float Opinion(string text) => RandomModel.OpinionsOf(text, Model).ProbabilityOf(Heads.Unsafe);
}
