using Aigc2d.Moderation.Corpus;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Training;

namespace Aigc2d.Moderation.Tests.Training;

/// <summary>From raw scores to probabilities.</summary>
public sealed class CalibratorTests
{
    private static readonly int Hate = Heads.Of("hate");

    [Fact]
    public void Probabilities_say_how_often_it_is_so()
    {
        // True log odds are six fifths of the score plus one.
        var outcomes = Outcomes(4_000, score => 1 / (1 + Math.Exp(-(1.2 * score + 1))));
        var calibration = Calibrator.Fit(outcomes)[Hate];

        Assert.Equal((1.2f, 1), (calibration.Slope, calibration.Offset), (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.25 && Math.Abs(a.Item2 - b.Item2) < 0.25);
    }

    [Fact]
    public void A_higher_score_is_never_a_lower_probability_even_when_the_labels_say_so()
    {
        var calibration = Calibrator.Fit(Outcomes(1_000, score => score > 0 ? 0.1 : 0.9))[Hate];

        Assert.True(calibration.LogOdds(1) > calibration.LogOdds(0.5f) && calibration.LogOdds(0.5f) > calibration.LogOdds(-3));
    }

    [Fact]
    public void Scores_that_are_far_off_are_calibrated_too()
    {
        var calibration = Calibrator.Fit([.. Outcomes(4_000, score => score > 1.9 ? 0.9 : 0.01).Select(outcome => outcome with { Scores = [.. outcome.Scores.Select(score => 4 * score - 14)] })])[Hate];

        Assert.InRange(Calibration.Probability(calibration.LogOdds(4 * 2 - 14)), 0.1f, 0.99f);
        Assert.InRange(Calibration.Probability(calibration.LogOdds(4 * -1 - 14)), 0, 0.05f);
    }

    [Fact]
    public void A_head_without_examples_is_left_as_it_is() => Assert.Equal(new Calibration(1, 0), Calibrator.Fit(Outcomes(1_000, _ => 0.5))[Heads.Of("malware")]);

    private static Outcome[] Outcomes(int count, Func<double, double> probability)
    {
        var dice = new Dice(3);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var score = dice.Below(4_000) / 1_000f - 2;
                var labels = Labels.Safe();
                if (dice.Below(10_000) < probability(score) * 10_000) labels = Labels.Breaking(["hate"]);
                var scores = new float[Heads.Count];
                scores[Hate] = score;
                return new Outcome(new Sample("", 0, labels, 1, Role.Labelled), Language.English, scores);
            }),
        ];
    }
}
