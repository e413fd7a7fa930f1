using Aigc2d.Billing.Prices;

namespace Aigc2d.Billing.Tests.Prices;

public sealed class PriceTests
{
    private static readonly Price Gpt35 = new()
    {
        Version = 1,
        Model = "gpt-3.5-turbo",
        EffectiveFrom = DateTimeOffset.UnixEpoch,
        InputMicropointsPer1k = 6_000_000,
        OutputMicropointsPer1k = 8_000_000,
        ContextTokens = 4096,
        MaxOutputTokens = 4096,
    };

    private static Quantities Tokens(int input, int output, int cached = 0) => new() { InputTokens = input, OutputTokens = output, CachedInputTokens = cached };

    [Theory]
    [InlineData(11, 9, 0, 138_000)]
    [InlineData(11, 256, 0, 2_114_000)]
    [InlineData(1000, 0, 0, 6_000_000)]
    [InlineData(0, 1000, 0, 8_000_000)]
    [InlineData(1, 0, 0, 10_000)]
    [InlineData(0, 0, 0, 10_000)]
    public void A_charge_is_the_sum_of_tokens_times_rates_but_at_least_a_hundredth_of_a_point(int input, int output, int cached, long expected) =>
        Assert.Equal(expected, Gpt35.ChargeFor(Tokens(input, output, cached), 1_000_000));

    [Fact]
    public void A_fraction_of_a_micropoint_is_rounded_up() =>
        Assert.Equal(10_001, (Gpt35 with { InputMicropointsPer1k = 10_000_001 }).ChargeFor(Tokens(1, 0, 0), 1_000_000));

    [Fact]
    public void Cached_input_costs_its_own_rate_and_without_one_what_input_costs()
    {
        Assert.Equal(6_000_000, Gpt35.ChargeFor(Tokens(1000, 0, 400), 1_000_000));
        Assert.Equal(3_600_000 + 1_200_000, (Gpt35 with { CachedInputMicropointsPer1k = 3_000_000 }).ChargeFor(Tokens(1000, 0, 400), 1_000_000));
    }

    [Fact]
    public void The_plans_multiplier_scales_the_price_but_not_the_minimum()
    {
        Assert.Equal(3_000_000, Gpt35.ChargeFor(Tokens(1000, 0, 0), 500_000));
        Assert.Equal(10_000, Gpt35.ChargeFor(Tokens(1000, 0, 0), 0));
    }

    [Fact]
    public void A_price_beyond_the_ledger_is_an_overflow_and_never_wraps() =>
        Assert.Throws<OverflowException>(() => (Gpt35 with { InputMicropointsPer1k = 1_000_000_000_000 }).ChargeFor(Tokens(100_000_000, 0, 0), 1_000_000));

    [Theory]
    [InlineData(50, null, 1, 50)]
    [InlineData(50, 1000, 1, 50)]
    [InlineData(null, null, 1, 3996)]
    [InlineData(null, 1000, 1, 1000)]
    [InlineData(null, 1000, 3, 3000)]
    [InlineData(1_000_000, 1000, 1, 3996)]
    public void The_output_that_is_held_is_the_clients_limit_else_the_rows_cap_else_what_the_context_leaves(int? asked, int? cap, int choices, int expected) =>
        Assert.Equal(expected, (Gpt35 with { HoldOutputTokens = cap }).OutputToHold(100, asked, choices));
}
