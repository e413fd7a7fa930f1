using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Providers;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tests.Rules;
using Aigc2d.Moderation.Verdicts;

namespace Aigc2d.Moderation.Tests.Policies;

/// <summary>What the classifier's probabilities lead to under policies and plans.</summary>
public sealed class ThresholdTests
{
    private static readonly Thresholds Own = new(at => at.Head == Heads.Unsafe ? new Threshold(0.8f, 0.6f) : new Threshold(0.7f, 0.5f));

    [Theory]
    [InlineData(0.7f, Strictness.Standard, VerdictAction.Block)]
    [InlineData(0.69f, Strictness.Standard, VerdictAction.Review)]
    [InlineData(0.49f, Strictness.Standard, VerdictAction.Allow)]
    [InlineData(0.69f, Strictness.Strict, VerdictAction.Block)]
    [InlineData(0.34f, Strictness.Strict, VerdictAction.Review)]
    [InlineData(0.75f, Strictness.Relaxed, VerdictAction.Review)]
    [InlineData(0.83f, Strictness.Relaxed, VerdictAction.Block)]
    public void A_plan_moves_the_models_own_thresholds(float probability, Strictness strictness, VerdictAction action) =>
        Assert.Equal(action, Judge("hate", probability, any: 0, strictness).Action);

    [Theory]
    [InlineData(0.7f, VerdictAction.Block)]
    [InlineData(0.69f, VerdictAction.Review)]
    public void No_plan_moves_them_up_for_P0(float probability, VerdictAction action) => Assert.Equal(action, Judge("terrorism", probability, any: 0, Strictness.Relaxed).Action);

    [Theory]
    [InlineData(null, null, 0.75f, VerdictAction.Block)]
    [InlineData(0.9, null, 0.75f, VerdictAction.Review)]
    [InlineData(0.9, 0.9, 0.75f, VerdictAction.Allow)]
    [InlineData(0.3, null, 0.31f, VerdictAction.Block)]
    [InlineData(null, 0.2, 0.21f, VerdictAction.Review)]
    public void A_policy_takes_the_place_of_the_models_thresholds(double? blockAt, double? reviewAt, float probability, VerdictAction action) =>
        Assert.Equal(action, Judge("hate", probability, any: 0, Strictness.Standard, p => p with { BlockAt = (decimal?)blockAt, ReviewAt = (decimal?)reviewAt }).Action);

    [Theory]
    [InlineData(null, 0.8f, VerdictAction.Block)]
    [InlineData(0.9, 0.85f, VerdictAction.Review)]
    [InlineData(0.9, 0.9f, VerdictAction.Block)]
    [InlineData(0.3, 0.75f, VerdictAction.Review)]
    [InlineData(0.3, 0.8f, VerdictAction.Block)]
    public void That_any_category_applies_decides_for_the_likeliest_and_no_more_leniently_for_a_policy_that_is_stricter(double? blockAt, float any, VerdictAction action) =>
        Assert.Equal((action, "hate"), Judge("hate", 0.1f, any, Strictness.Standard, p => p with { BlockAt = (decimal?)blockAt }) is var j ? (j.Action, j.Deciding!.Category) : default);

    [Fact]
    public void A_rule_that_is_let_go_leaves_the_classifier_its_say()
    {
        var rule = TwinTests.Screener.Rules.Compiled.Rules.First(r => r is { Category: "hate", Action: RuleAction.Block, Stages: RuleStages.Both });
        var allowed = Judge("hate", 0.2f, any: 0, Strictness.Standard, p => p with { OnRuleHit = VerdictAction.Allow }, new Finding(rule, 0, 0, 4));
        var blocked = Judge("hate", 0.95f, any: 0, Strictness.Standard, p => p with { OnRuleHit = VerdictAction.Allow }, new Finding(rule, 0, 0, 4));

        Assert.Equal((VerdictAction.Allow, VerdictAction.Block, "model.hate"), (allowed.Action, blocked.Action, blocked.Deciding!.Id));
    }

    [Theory]
    [InlineData(VerdictAction.Block, 0.95f, 0.1f, VerdictAction.Block)]
    [InlineData(VerdictAction.Review, 0.95f, 0.1f, VerdictAction.Review)]
    [InlineData(VerdictAction.Allow, 0.95f, 0.1f, VerdictAction.Allow)]
    [InlineData(VerdictAction.Review, 0.55f, 0.1f, VerdictAction.Review)]
    [InlineData(VerdictAction.Review, 0.1f, 0.95f, VerdictAction.Review)]
    [InlineData(VerdictAction.Allow, 0.1f, 0.95f, VerdictAction.Allow)]
    public void The_action_of_a_category_is_the_most_that_the_classifier_leads_to(VerdictAction most, float probability, float any, VerdictAction action) =>
        Assert.Equal(action, Judge("hate", probability, any, Strictness.Standard, p => p with { Action = most }).Action);

    [Fact]
    public void A_category_that_is_let_go_lets_no_other_go()
    {
        var hate = TwinTests.Screener.Rules.Compiled.Rules.First(r => r is { Category: "hate", Action: RuleAction.Block, Stages: RuleStages.Both });
        var violence = TwinTests.Screener.Rules.Compiled.Rules.First(r => r is { Category: "violence", Action: RuleAction.Block });
        var judgement = Judge("hate", 0.95f, any: 0.95f, Strictness.Standard, p => p with { Action = VerdictAction.Allow }, new Finding(hate, 0, 0, 4), new Finding(violence, 0, 0, 4));

        Assert.Equal((VerdictAction.Block, violence.Id), (judgement.Action, judgement.Deciding!.Id));
    }

    [Theory]
    [InlineData(VerdictAction.Block, VerdictAction.Block)]
    [InlineData(VerdictAction.Review, VerdictAction.Review)]
    [InlineData(VerdictAction.Allow, VerdictAction.Allow)]
    public void A_providers_flag_leads_no_further_either(VerdictAction most, VerdictAction action)
    {
        var policy = new StagePolicy(0, Strictness.Standard, Own, [.. Categories.All.Select(c => Policy.BuiltIn(c, ScreeningStage.Prompt) with { Action = c == "hate" ? most : VerdictAction.Block })]);

        var judgement = ProviderRules.Fuse(Judgement.Allowed, new ProviderFlags(new Dictionary<string, float> { ["hate"] = 0.99f }), ["text"], policy);

        Assert.Equal(action, judgement.Action);
    }

    [Fact]
    public void A_preview_counts_what_the_engine_decides()
    {
        var (random, rule) = (new Random(9), TwinTests.Screener.Rules.Compiled.Rules.First(r => r is { Category: "hate", Action: RuleAction.Block, Stages: RuleStages.Both }));
        for (var trial = 0; trial < 2_000; trial++)
        {
            var (probability, any, isHit, strictness) = (random.NextSingle(), random.NextSingle(), random.Next(3) == 0, (Strictness)random.Next(3));
            var block = random.Next(5, 100) / 100m;
            var policy = Policy.BuiltIn("hate", ScreeningStage.Prompt) with
            {
                BlockAt = random.Next(3) == 0 ? null : block,
                ReviewAt = random.Next(3) == 0 ? null : random.Next(5, (int)(block * 100) + 1) / 100m,
                OnRuleHit = (VerdictAction)random.Next(3),
                Action = (VerdictAction)random.Next(3),
            };

            var judgement = Judge("hate", probability, any, strictness, _ => policy, isHit ? [new Finding(rule, 0, 0, 4)] : []);

            var previewed = policy.ActionOf(
                isHit,
                policy.ThresholdOf(Own, Language.English, strictness),
                judgement.Leaning.ByCategory[Categories.IndexOf("hate")],
                policy.ThresholdOfAny(Own, Language.English, strictness),
                judgement.Leaning.Unsafe);
            Assert.Equal(judgement.Action, previewed);
        }
    }

    [Theory]
    [InlineData("hate", 0.89f, false)]
    [InlineData("hate", 0.9f, true)]
    [InlineData("self_harm", 0.99f, false)]
    [InlineData("jurisdiction", 0.99f, false)]
    public void A_probability_alone_is_a_strike_from_0_9_on_and_never_for_self_harm_or_P2(string category, float probability, bool strike)
    {
        var screening = ModerationFixture.Prompt("text");
        var policy = PolicySnapshot.BuiltIn(Own).For(ScreeningStage.Prompt, Strictness.Standard);

        var row = VerdictRow.Of(screening, Judge(category, probability, any: 0, Strictness.Standard), policy, "test", DateTimeOffset.UnixEpoch);

        Assert.Equal((category, VerdictAction.Block, strike), (row.Category, row.Action, row.Strike));
        Assert.Equal(probability, row.Scores![Categories.IndexOf(category)]);
    }

    private static Judgement Judge(string category, float probability, float any, Strictness strictness, Func<Policy, Policy>? change = null, params Finding[] findings)
    {
        var policy = new StagePolicy(0, strictness, Own, [.. Categories.All.Select(c => Policy.BuiltIn(c, ScreeningStage.Prompt)).Select(p => p.Category == category && change is not null ? change(p) : p)]);
        var opinions = new Opinions();
        opinions.Keep(Language.English, Categories.IndexOf(category), new Opinion(LogOdds(probability), 0, 0, 4));
        if (any > 0) opinions.Keep(Language.English, Heads.Unsafe, new Opinion(LogOdds(any), 0, 0, 4));
        var found = findings.ToList();
        ModelRules.Apply(opinions, policy, found);
        return Judgement.Of(found, Scores.None, Leaning.Of(opinions), policy);
    }

    // A breath above, so that the way there and back does not fall below a threshold.
    private static float LogOdds(float probability) => MathF.Log(probability / (1 - probability)) + 0.0001f;
}
