using Aigc2d.Moderation.Evaluation;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Moderation.Tests.Evaluation;

/// <summary>Every metric says what its definition says, worked out slowly; scores that are tied are common among these texts.</summary>
public sealed class MetricProperties
{
    private static readonly Gen<float> Score = Gen.Frequency(
        (3, Gen.Choose(0, 15).Select(i => i / 15f)), (1, Gen.Elements(0f, 1f, 0.5f)), (1, Gen.Choose(0, 1_000_000).Select(i => i / 1_000_000f)));

    private static readonly Arbitrary<(float Score, bool IsTrue)[]> Texts =
        Score.SelectMany(_ => Gen.Elements(true, false), (score, isTrue) => (score, isTrue)).ArrayOf().ToArbitrary();

    [Fact]
    public void Average_precision_weighs_the_precision_of_each_threshold_by_the_recall_it_adds() => Hold(texts =>
    {
        var (area, before) = (0.0, 0.0);
        foreach (var threshold in texts.Select(t => t.Score).Distinct().OrderDescending())
        {
            var recall = ShareOf(texts.Where(t => t.IsTrue), t => t.Score >= threshold);
            area += (recall - before) * ShareOf(texts.Where(t => t.Score >= threshold), t => t.IsTrue);
            before = recall;
        }

        return Same(new Ranking(texts).AveragePrecision(), HasBoth(texts) ? area : null);
    });

    [Fact]
    public void Recall_at_a_false_positive_rate_is_the_best_of_all_thresholds_that_keep_it() => Hold(texts =>
    {
        foreach (var most in new[] { 0, 0.01, 0.2, 1 })
        {
            var best = texts.Select(t => t.Score).Append(float.PositiveInfinity)
                .Where(threshold => ShareOf(texts.Where(t => !t.IsTrue), t => t.Score >= threshold) <= most)
                .Select(threshold => ShareOf(texts.Where(t => t.IsTrue), t => t.Score >= threshold)).DefaultIfEmpty().Max();
            if (!Same(new Ranking(texts).RecallAt(most), HasBoth(texts) ? best : null)) return false;
        }

        return true;
    });

    [Fact]
    public void Calibration_error_compares_each_bins_mean_with_what_came_true() => Hold(texts =>
    {
        var sum = 0.0;
        for (var bin = 0; bin < Reliability.Bins; bin++)
        {
            var inside = texts.Where(t => (double)t.Score * Reliability.Bins >= bin && ((double)t.Score * Reliability.Bins < bin + 1 || bin == Reliability.Bins - 1)).ToArray();
            if (inside.Length > 0) sum += inside.Length * Math.Abs(inside.Average(t => (double)t.Score) - inside.Average(t => t.IsTrue ? 1.0 : 0));
        }

        return Same(Reliability.Error(texts), texts.Length == 0 ? null : sum / texts.Length);
    });

    [Fact]
    public void Decisions_are_counted_as_their_names_say() => Hold(texts =>
    {
        var confusion = Confusion.Of(texts.Select(t => (t.Score >= 0.5f, t.IsTrue)));
        double F1(bool isTrue)
        {
            var precision = ShareOf(texts.Where(t => t.Score >= 0.5f == isTrue), t => t.IsTrue == isTrue);
            var recall = ShareOf(texts.Where(t => t.IsTrue == isTrue), t => t.Score >= 0.5f == isTrue);
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }

        return Same(confusion.Accuracy, HasBoth(texts) ? ShareOf(texts, t => t.Score >= 0.5f == t.IsTrue) : null)
            && Same(confusion.MacroF1, HasBoth(texts) ? (F1(true) + F1(false)) / 2 : null)
            && Same(confusion.F1, texts.Any(t => t.IsTrue) ? F1(true) : null)
            && Same(confusion.Recall, texts.Any(t => t.IsTrue) ? ShareOf(texts.Where(t => t.IsTrue), t => t.Score >= 0.5f) : null)
            && Same(confusion.FalsePositiveRate, texts.Any(t => !t.IsTrue) ? ShareOf(texts.Where(t => !t.IsTrue), t => t.Score >= 0.5f) : null);
    });

    [Fact]
    public void A_quantile_is_the_smallest_value_that_so_many_do_not_exceed() => Hold(texts =>
    {
        var values = texts.Select(t => (double)t.Score).ToArray();
        return new[] { 0.01, 0.5, 0.9, 0.99, 1 }.All(share =>
            Quantile.Of(values, share) is not { } found ? values.Length == 0
            : values.Contains(found) && ShareOf(values, v => v <= found) >= share - 1e-9 && (values.All(v => v >= found) || ShareOf(values, v => v < found) < share));
    });

    [Fact]
    public void The_order_of_the_texts_does_not_matter() => Hold(texts =>
        Same(new Ranking(texts).AveragePrecision(), new Ranking([.. texts.Reverse()]).AveragePrecision()));

    [Fact]
    public void A_ranking_that_puts_all_unsafe_texts_first_is_perfect_and_one_score_for_all_is_the_base_rate()
    {
        (float, bool)[] perfect = [(0.9f, true), (0.8f, true), (0.3f, false), (0.1f, false)];
        (float, bool)[] even = [(0.5f, true), (0.5f, false), (0.5f, false), (0.5f, false)];

        Assert.Equal((1, 1), (new Ranking(perfect).AveragePrecision(), new Ranking(perfect).RecallAt(0)));
        Assert.Equal((0.25, 0), (new Ranking(even).AveragePrecision(), new Ranking(even).RecallAt(0.01)));
    }

    private static bool HasBoth((float Score, bool IsTrue)[] texts) => texts.Any(t => t.IsTrue) && texts.Any(t => !t.IsTrue);

    private static double ShareOf<T>(IEnumerable<T> all, Func<T, bool> some) => all.ToArray() is { Length: > 0 } items ? (double)items.Count(some) / items.Length : 0;

    private static bool Same(double? found, double? expected) => found is null == expected is null && Math.Abs((found ?? 0) - (expected ?? 0)) < 1e-6;

    private static void Hold(Func<(float Score, bool IsTrue)[], bool> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Texts, property));
}
