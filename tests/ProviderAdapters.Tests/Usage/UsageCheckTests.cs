using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Tests.Usage;

public sealed class UsageCheckTests
{
    private const int CountedInput = 17;
    private const int CountedOutput = 40;

    [Theory]
    [InlineData(11, 9, 5, 5)]
    [InlineData(11, 9, 20, 11)] // never more cached than there were
    [InlineData(11, 9, -3, 0)]
    [InlineData(11, 9, null, 0)]
    [InlineData(17, 30_000, 0, 0)] // hidden thinking: many times what can be seen
    [InlineData(900_000, 1, 0, 0)]
    public void Plausible_claims_are_believed(int input, int output, int? cached, int expectedCached) =>
        Assert.Equal((new TokenCounts(input, output, expectedCached), null), UsageCheck.Decide(new ClaimedUsage(input, output, cached), CountedInput, CountedOutput, Counted));

    [Theory]
    [InlineData(1, 3, 5, 2, 1, 3, 5, 2)]
    [InlineData(2, 100, 100, 100, 2, 4, 9, 0)] // parts never exceed their total together: 5 of 11 were cached
    [InlineData(100, 100, 0, 100, 6, 0, 0, 9)]
    [InlineData(-1, -1, -1, -1, 0, 0, 0, 0)]
    public void Details_are_parts_of_their_totals(int cacheWrite, int audioInput, int reasoning, int audioOutput, int expectedCacheWrite, int expectedAudioInput, int expectedReasoning, int expectedAudioOutput) => Assert.Equal(
        (new TokenCounts(11, 9, 5) { CacheWrite = expectedCacheWrite, AudioInput = expectedAudioInput, Reasoning = expectedReasoning, AudioOutput = expectedAudioOutput }, null),
        UsageCheck.Decide(new ClaimedUsage(11, 9, 5) { CacheWrite = cacheWrite, AudioInput = audioInput, Reasoning = reasoning, AudioOutput = audioOutput }, CountedInput, CountedOutput, Counted));

    [Fact]
    public void Our_count_is_made_only_when_it_is_needed() =>
        UsageCheck.Decide(new ClaimedUsage(11, 9, 0), CountedInput, CountedOutput, () => throw new InvalidOperationException("It was not needed."));

    [Theory]
    [InlineData("11", true)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("1.5", false)]
    [InlineData(null, false)]
    public void Input_that_a_provider_told_early_stands_if_it_can_be_true(string? input, bool isBelieved) => Assert.Equal(
        isBelieved ? new TokenCounts(11, 0, 5) { CacheWrite = 2 } : null,
        UsageCheck.BelievedInput(new ClaimedUsage(Number(input), null, 5) { CacheWrite = 2 }, CountedInput));

    [Theory]
    [InlineData("-1", "9", "negative")]
    [InlineData("11", "-9", "negative")]
    [InlineData("11.5", "9", "fractional")]
    [InlineData("11", "0", "zero")]
    [InlineData("0", "9", "zero")]
    [InlineData("11", "2000001", "absurd")]
    [InlineData("1000000000000", "9", "absurd")]
    [InlineData(null, "9", "missing")]
    [InlineData("11", null, "missing")]
    public void Claims_that_cannot_be_true_are_replaced_by_our_count(string? input, string? output, string reason) => Assert.Equal(
        (Counted(), reason),
        UsageCheck.Decide(new ClaimedUsage(Number(input), Number(output), 3), CountedInput, CountedOutput, Counted));

    [Fact]
    public void Missing_usage_is_never_free() =>
        Assert.Equal((Counted(), "missing"), UsageCheck.Decide(null, CountedInput, CountedOutput, Counted));

    [Fact]
    public void An_empty_answer_may_have_cost_no_output() =>
        Assert.Equal((new TokenCounts(11, 0), null), UsageCheck.Decide(new ClaimedUsage(11, 0, 0), CountedInput, 0, Counted));

    private static TokenCounts Counted() => new(CountedInput, CountedOutput, 0, Estimated: true);

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
