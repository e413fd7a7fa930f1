using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Usage;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ProviderAdapters.Tests.Usage;

/// <summary>Whatever a provider claims, what is recorded can be true.</summary>
public sealed class UsageCheckProperties
{
    [Fact]
    public void Any_claim_is_recorded_unchanged_or_replaced_by_our_count_and_marked() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Cases().ToArbitrary(), @case =>
        {
            var (tokens, replaced) = UsageCheck.Decide(@case.Claim, @case.CountedInput, @case.CountedOutput, @case.Counted);
            return replaced is null
                ? !tokens.Estimated && tokens.Input == @case.Claim!.Value.Input && tokens.Output == @case.Claim.Value.Output && tokens.CachedInput >= 0 && tokens.CachedInput <= tokens.Input
                : tokens == @case.Counted();
        }));

    [Fact]
    public void Negative_fractional_or_impossibly_large_counts_are_never_recorded() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Cases().ToArbitrary(), @case =>
        {
            var (tokens, _) = UsageCheck.Decide(@case.Claim, @case.CountedInput, @case.CountedOutput, @case.Counted);
            return IsPossible(tokens.Input, @case.CountedInput) && IsPossible(tokens.Output, @case.CountedOutput);
        }));

    private static bool IsPossible(int tokens, int counted) => tokens >= 0 && tokens <= Math.Max(UsageCheck.LargestContextTokens, counted * 3L);

    private static Gen<Case> Cases() =>
        from isThere in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        from input in Numbers()
        from output in Numbers()
        from cached in Numbers()
        from countedInput in Gen.Choose(0, 1_000_000)
        from countedOutput in Gen.Choose(0, 1_000_000)
        select new Case(isThere ? new ClaimedUsage(input, output, cached) : null, countedInput, countedOutput);

    private static Gen<decimal?> Numbers() => Gen.OneOf(
        Gen.Choose(-10, 5_000).Select(number => (decimal?)number),
        Gen.Choose(1_990_000, int.MaxValue).Select(number => (decimal?)number),
        Gen.Choose(-100, 100_000).Select(number => (decimal?)(number / 10m)),
        Gen.Elements<decimal?>(null, decimal.MaxValue, decimal.MinValue, int.MaxValue + 1m, 0m));

    private sealed record Case(ClaimedUsage? Claim, int CountedInput, int CountedOutput)
    {
        public TokenCounts Counted() => new(CountedInput, CountedOutput, 0, Estimated: true);
    }
}
