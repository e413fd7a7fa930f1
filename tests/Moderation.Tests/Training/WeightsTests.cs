using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Tests.Models;
using Aigc2d.Moderation.Training;

namespace Aigc2d.Moderation.Tests.Training;

/// <summary>Weights as they are trained and as they are shipped.</summary>
public sealed class WeightsTests
{
    [Fact]
    public void One_byte_per_weight_says_what_the_trained_weights_say()
    {
        string[] words = ["mando", "pertil", "sovena", "lumio", "bomb", "zorblax", "vintork"];
        var samples = Enumerable.Range(0, 400)
            .Select(i => new Sample($"{words[i % 7]} {words[i / 7 % 7]} {words[i / 49 % 7]}", 0, i % 7 > 4 || i / 7 % 7 > 4 ? Labels.Breaking(["hate"]) : Labels.Safe(), 1, Role.Labelled)).ToArray();
        var examples = ExampleReader.ReadAll(RandomModel.Rules, samples);
        var weights = Weights.Train(examples, seed: 1);
        var model = Quantiser.Make(weights, RandomModel.Rules, [.. Enumerable.Repeat(new Calibration(1, 0), Heads.Count * Languages.Count)], Thresholds.None);

        foreach (var example in examples.Take(50))
        {
            var trained = weights.Score(example);
            var opinions = RandomModel.OpinionsOf(example.Sample.Text, model);
            foreach (var head in (ReadOnlySpan<int>)[Heads.Of("hate"), Heads.Unsafe, Heads.Of("malware")])
                Assert.Equal(Calibration.Probability(trained[head]), opinions.ProbabilityOf(head), 0.02f);
        }
    }

    [Fact]
    public void What_is_not_known_of_a_text_teaches_nothing()
    {
        var labels = Labels.SomehowUnsafe();
        var weights = Weights.Train(ExampleReader.ReadAll(RandomModel.Rules, [new Sample("mando pertil", 0, labels, 1, Role.Labelled)]), seed: 1);

        Assert.Equal(0, weights.Biases[Heads.Of("hate")]);
        Assert.True(weights.Biases[Heads.Unsafe] > 0);
    }

    [Fact]
    public void A_category_is_learnt_with_any_violation_and_its_neighbours_are_left_open()
    {
        var labels = Labels.Breaking(["selfharm"]);

        Assert.Equal(
            [("violence", Labels.Unknown), ("self_harm", Labels.Yes), ("unsafe", Labels.Yes)],
            Heads.Names.Select((name, head) => (name, labels[head])).Where(label => label.Item2 != Labels.No));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0, Labels.No)]
    [InlineData(1, Labels.Yes)]
    public void A_row_is_safe_unsafe_or_of_no_use(int? isUnsafe, sbyte? label) =>
        Assert.Equal(label, Labels.Of(new LabelledRow { Id = "1", Text = "mando", Unsafe = isUnsafe })?[Heads.Unsafe]);

    [Fact]
    public void A_file_with_far_more_unsafe_rows_lets_both_sides_count_the_same()
    {
        var (safe, harmful) = Source.Of("davidson-hsol-train.jsonl.gz").WeightsFor(4_000, 20_000);

        Assert.Equal(4_000 * safe, 20_000 * harmful, 0.1f);
        Assert.Equal((Source.Of("advbench.jsonl").Weight, Source.Of("advbench.jsonl").Weight), Source.Of("advbench.jsonl").WeightsFor(0, 500));
    }
}
