using Aigc2d.Moderation.Tallies;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Moderation.Tests.Tallies;

/// <summary>The steps that scores are counted in.</summary>
public sealed class ScoreBucketsTests
{
    [Fact]
    public void A_probability_is_at_or_above_a_threshold_of_two_decimals_exactly_when_its_step_is() =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).Select(n => n / 1_000_000f).ToArbitrary(), Gen.Choose(0, 99).ToArbitrary(), (probability, hundredths) =>
            (probability >= (float)(hundredths / 100m)) == (ScoreBuckets.Fine.Of(probability) >= hundredths)).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_threshold_begins_its_own_step()
    {
        for (var step = 1; step < ScoreBuckets.Fine.Count; step++)
            Assert.Equal((step, step - 1), (ScoreBuckets.Fine.Of(ScoreBuckets.Fine.LeastOf(step)), ScoreBuckets.Fine.Of(MathF.BitDecrement(ScoreBuckets.Fine.LeastOf(step)))));
        Assert.Equal((0, 99), (ScoreBuckets.Fine.Of(0), ScoreBuckets.Fine.Of(1)));
        Assert.Equal([0, 0, 99], new[] { float.NaN, float.NegativeInfinity, float.PositiveInfinity }.Select(value => (int)ScoreBuckets.Fine.Of(value)));
    }
}
