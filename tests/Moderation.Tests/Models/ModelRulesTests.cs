using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Verdicts;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>What follows from the classifier's probabilities.</summary>
public sealed class ModelRulesTests
{
    private const string Text = "zorblax";

    private static readonly Thresholds Usual = new(at => Heads.Names[at.Head] == "unsafe" ? Threshold.Never : at.Stage == ScreeningStage.Prompt ? new(0.7f, 0.4f) : new(0.8f, 0.5f));

    // The word is one feature of several, and everything else weighs nothing.
    internal static float WeightFor(float probability, string text = Text)
    {
        var features = SlowClassifier.GramsOf(RandomModel.Fold(text)).Select(gram => SlowClassifier.BucketOf(gram.Text)).Distinct().Count();
        return (MathF.Log(probability / (1 - probability)) + 4) * MathF.Sqrt(features);
    }

    [Theory]
    [InlineData(0.95f, VerdictAction.Block, true)]
    [InlineData(0.85f, VerdictAction.Block, false)]
    [InlineData(0.65f, VerdictAction.Review, false)]
    [InlineData(0.45f, VerdictAction.Review, false)]
    [InlineData(0.35f, VerdictAction.Allow, false)]
    public void Thresholds_decide_and_only_certainty_is_a_strike(float probability, VerdictAction action, bool strike)
    {
        var judgement = Screen(probability, "harassment");

        Assert.Equal((action, action == VerdictAction.Allow ? null : "model.harassment"), (judgement.Action, judgement.Deciding?.Id));
        Assert.Equal(strike, judgement.Deciding?.Strike ?? false);
        Assert.Equal(probability, judgement.Scores.ByCategory[Heads.Of("harassment")], 1e-3f);
    }

    [Theory]
    [InlineData(0.75f, VerdictAction.Review)]
    [InlineData(0.85f, VerdictAction.Block)]
    public void Outputs_have_thresholds_of_their_own(float probability, VerdictAction action) => Assert.Equal(action, Screen(probability, "harassment", stage: ScreeningStage.Output).Action);

    [Fact]
    public void Thresholds_from_outside_replace_those_of_the_model()
    {
        var screener = new TextScreener(RandomModel.Rules, OneWordModel.Make(Text, "harassment", Usual, WeightFor(0.85f)));

        Assert.Equal(VerdictAction.Block, screener.Screen([Text], ScreeningStage.Prompt).Action);
        Assert.Equal(VerdictAction.Allow, screener.Screen([Text], ScreeningStage.Prompt, PolicySnapshot.BuiltIn(Thresholds.None).For(ScreeningStage.Prompt, Strictness.Standard)).Action);
    }

    [Theory]
    [InlineData("terrorism", Severity.P0)]
    [InlineData("trafficking", Severity.P0)]
    [InlineData("malware", Severity.P1)]
    [InlineData("illegal", Severity.P1)]
    [InlineData("jurisdiction", Severity.P2)]
    public void The_severity_is_that_of_the_category(string category, Severity severity) => Assert.Equal(severity, Screen(0.95f, category).Deciding!.Severity);

    [Fact]
    public void Self_harm_is_never_a_strike_by_probability_alone() =>
        Assert.Equal((VerdictAction.Block, false), (Screen(0.99f, "self_harm").Action, Screen(0.99f, "self_harm").Deciding!.Strike));

    [Fact]
    public void Distress_that_a_rule_has_heard_is_answered_with_support()
    {
        var judgement = Screen(0.99f, "self_harm", "I want to die. " + Text);

        Assert.Equal((VerdictAction.Support, "self_harm.distress"), (judgement.Action, judgement.Deciding!.Id));
        Assert.InRange(judgement.Scores.ByCategory[Heads.Of("self_harm")], 0.99f, 1);
    }

    [Fact]
    public void Distress_does_not_keep_the_classifier_from_finding_something_else()
    {
        var judgement = Screen(0.99f, "violence", "I want to kill myself. " + Text);

        Assert.Equal((VerdictAction.Block, "model.violence"), (judgement.Action, judgement.Deciding!.Id));
    }

    [Fact]
    public void A_written_rule_decides_before_the_classifier_and_makes_scores_almost_certain()
    {
        var judgement = Screen(0.99f, "illegal", ModerationFixture.Blocked + " " + Text);

        Assert.Equal(["illegal.explosive.how"], judgement.Findings.Select(finding => finding.Rule.Id));
        Assert.InRange(judgement.Scores.ByCategory[Heads.Of("illegal")], 0.99f, 1);
        Assert.InRange(judgement.Scores.Unsafe, 0.99f, 1);
    }

    [Fact]
    public void What_only_looks_unsafe_on_the_whole_is_blocked_under_its_likeliest_category()
    {
        var model = OneWordModel.Make(Text, "unsafe", new Thresholds(at => at.Head == Heads.Unsafe ? new(0.7f, 0.5f) : Threshold.Never), WeightFor(0.95f));
        model.Biases[Heads.Of("deception")] = -1;
        model.Biases[Heads.Of("jurisdiction")] = 1;

        var judgement = new TextScreener(RandomModel.Rules, model).Screen([Text], ScreeningStage.Prompt);

        Assert.Equal((VerdictAction.Block, "model.deception", false), (judgement.Action, judgement.Deciding!.Id, judgement.Deciding.Strike));
    }

    [Theory]
    [InlineData(0.95f, true)]
    [InlineData(0.85f, false)]
    public void A_block_by_the_classifier_alone_is_recorded_and_is_a_strike_only_from_nine_tenths_on(float probability, bool strike)
    {
        var judgement = Screen(probability, "harassment", "Hello there, " + Text);
        var row = VerdictRow.Of(ModerationFixture.Prompt("first", "Hello there, " + Text), judgement, PolicySnapshot.BuiltIn(Usual).For(ScreeningStage.Prompt, Strictness.Standard), "rules", DateTimeOffset.UnixEpoch);

        Assert.Equal(("harassment", "P1", strike, "model.harassment"), (row.Category, row.Severity, row.Strike, Assert.Single(row.RuleIds)));
        Assert.Equal("[[0,0,20]]", row.Offsets);
    }

    [Fact]
    public void The_text_that_decides_is_named()
    {
        var screener = new TextScreener(RandomModel.Rules, OneWordModel.Make(Text, "harassment", Usual, WeightFor(0.95f)));

        Assert.Equal(2, Assert.Single(screener.Screen(["hello", "and more", Text], ScreeningStage.Prompt).Findings).Text);
    }

    private static Judgement Screen(float probability, string category, string text = Text, ScreeningStage stage = ScreeningStage.Prompt) =>
        new TextScreener(RandomModel.Rules, OneWordModel.Make(Text, category, Usual, WeightFor(probability, text))).Screen([text], stage);
}
