using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Corpus;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Training;

namespace Aigc2d.Moderation.Tests.Training;

/// <summary>From probabilities of held-out texts to thresholds.</summary>
public sealed class ThresholdChoiceTests
{
    private static readonly int Hate = Heads.Of("hate");
    private static readonly int Illegal = Heads.Of("illegal");

    [Fact]
    public void All_heads_together_find_no_more_harmless_texts_than_are_allowed()
    {
        var outcomes = Noisy(20_000);
        var search = new ThresholdSearch(outcomes, new Dictionary<Role, double> { [Role.Chat] = 0.01 });
        var thresholds = search.Run([Hate, Illegal, Heads.Unsafe], highest: 0.995f, lowest: 0.2f);

        bool IsFound(Outcome outcome) => Enumerable.Range(0, Heads.Count).Any(head => outcome.Probabilities[head] >= thresholds[head]);
        var harmless = outcomes.Where(outcome => outcome.Sample.IsSafe).ToArray();
        Assert.InRange(harmless.Count(IsFound), harmless.Length * 0.005, harmless.Length * 0.01);
        Assert.InRange(outcomes.Except(harmless).Count(IsFound), outcomes.Length * 0.1, outcomes.Length);
    }

    [Fact]
    public void Thresholds_end_at_their_bounds()
    {
        Outcome[] easy = [.. Enumerable.Range(0, 100).Select(i => Of(i % 2 == 0 ? "hate" : null, (Hate, i % 2 == 0 ? 0.9f : 0.01f)))];
        Outcome[] hopeless = [.. Enumerable.Range(0, 100).Select(i => Of(i % 2 == 0 ? "hate" : null, (Hate, i % 2 == 0 ? 0.2f : 0.98f)))];
        var none = new Dictionary<Role, double> { [Role.Chat] = 0 };

        Assert.Equal(0.5f, new ThresholdSearch(easy, none).Run([Hate], 0.995f, 0.5f)[Hate], 1e-4f);
        Assert.InRange(new ThresholdSearch(hopeless, none).Run([Hate], 0.995f, 0.5f)[Hate], 0.98f, 0.995f);
        Assert.Equal(0.995f, new ThresholdSearch(hopeless, none).Run([Hate], 0.995f, 0.5f)[Illegal], 1e-4f);
    }

    [Fact]
    public void A_head_that_finds_more_harm_for_the_same_price_gets_the_lower_threshold()
    {
        var dice = new Dice(5);
        Outcome[] outcomes =
        [
            .. Enumerable.Range(0, 2_000).Select(i => i % 2 == 0
                ? Of("hate", (Hate, 0.5f + dice.Below(1_000) / 2_100f), (Illegal, dice.Below(1_000) / 1_005f))
                : Of(null, (Hate, dice.Below(1_000) / 1_800f), (Illegal, dice.Below(1_000) / 1_005f))),
        ];
        var thresholds = new ThresholdSearch(outcomes, new Dictionary<Role, double> { [Role.Chat] = 0.05 }).Run([Hate, Illegal], 0.995f, 0.05f);

        Assert.True(thresholds[Hate] < 0.6f && thresholds[Illegal] > 0.9f, $"{thresholds[Hate]} {thresholds[Illegal]}");
    }

    [Fact]
    public void Outputs_are_judged_more_strictly_and_what_nobody_has_seen_is_never_blocked()
    {
        var thresholds = ThresholdChoice.Choose(Noisy(20_000), Noisy(20_000));
        var (prompt, output) = (thresholds.Of(ScreeningStage.Prompt, Language.English, Hate), thresholds.Of(ScreeningStage.Output, Language.English, Hate));

        Assert.True(output.Block > prompt.Block, $"{output} {prompt}");
        foreach (var threshold in (ReadOnlySpan<Threshold>)[prompt, output])
        {
            Assert.InRange(threshold.Block, Threshold.LowestBlock, ThresholdChoice.HighestBlock + 1e-4f);
            Assert.InRange(threshold.Review, ThresholdChoice.LowestReview - 1e-4f, threshold.Block);
        }

        Assert.Equal(Threshold.Never, thresholds.Of(ScreeningStage.Prompt, Language.Chinese, Hate));
        Assert.Equal(Threshold.Never, thresholds.Of(ScreeningStage.Output, Language.English, Heads.Of("malware")));
    }

    [Fact]
    public void What_is_left_to_a_jurisdiction_is_never_refused_by_probability()
    {
        Outcome[] outcomes = [.. Enumerable.Range(0, 100).Select(i => Of("jurisdiction", (Heads.Of("jurisdiction"), 0.99f)))];

        Assert.Equal(Threshold.Never, ThresholdChoice.Choose(outcomes, outcomes).Of(ScreeningStage.Prompt, Language.English, Heads.Of("jurisdiction")));
    }

    [Fact]
    public void Thresholds_of_answers_follow_what_was_seen_of_answers()
    {
        Outcome[] prompts = [.. Enumerable.Range(0, 4_000).Select(i => Of(i % 2 == 0 ? "hate" : null, (Hate, i % 2 == 0 ? 0.7f : 0.1f)))];
        Outcome[] answers = [.. Enumerable.Range(0, 4_000).Select(i => Of(i % 2 == 0 ? "hate" : null, (Hate, i % 2 == 0 ? 0.97f : 0.9f)))];

        var thresholds = ThresholdChoice.Choose(prompts, answers);

        Assert.InRange(thresholds.Of(ScreeningStage.Prompt, Language.English, Hate).Block, 0.5f, 0.7f);
        Assert.InRange(thresholds.Of(ScreeningStage.Output, Language.English, Hate).Block, 0.9f, 0.97f);
    }

    // Harm scores higher, with much in common.
    private static Outcome[] Noisy(int count)
    {
        var dice = new Dice(3);
        float Score(bool isHarmful) => Calibration.Probability((dice.Below(6_000) + dice.Below(6_000)) / 1_000f - (isHarmful ? 4 : 8));
        return [.. Enumerable.Range(0, count).Select(i => i % 2 == 0).Select(isHarmful => Of(isHarmful ? "hate" : null, (Hate, Score(isHarmful)), (Illegal, Score(isHarmful)), (Heads.Unsafe, Score(isHarmful))))];
    }

    private static Outcome Of(string? category, params ReadOnlySpan<(int Head, float Probability)> probabilities)
    {
        var outcome = new Outcome(new Sample("", 0, category is null ? Labels.Safe() : Labels.Breaking([category]), 1, category is null ? Role.Chat : Role.Authored), Language.English, []);
        foreach (var (head, probability) in probabilities) outcome.Probabilities[head] = probability;
        return outcome;
    }
}
