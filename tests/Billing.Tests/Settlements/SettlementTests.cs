using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using Aigc2d.TestKit;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Settlements;

public sealed class SettlementTests(BillingFixture billing)
{
    [Theory]
    [InlineData(EndCause.Completed, true, 138_000)]
    [InlineData(EndCause.ContentFilter, true, 138_000)]
    [InlineData(EndCause.OutputCut, true, 138_000)]
    [InlineData(EndCause.MaxDuration, true, 138_000)]
    [InlineData(EndCause.ClientAbort, true, 138_000)]
    [InlineData(EndCause.ClientAbort, false, 0)]
    [InlineData(EndCause.ProviderError, true, 0)]
    [InlineData(EndCause.ProviderTimeout, true, 0)]
    [InlineData(EndCause.ProviderCut, true, 0)]
    [InlineData(EndCause.PlatformCrash, true, 0)]
    [InlineData(EndCause.DrainCut, true, 0)]
    public async Task The_end_cause_decides_the_charge_and_the_hold_always_ends(EndCause cause, bool accepted, long charged)
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, 11, 9, cause) with { ProviderAccepted = accepted });

        Assert.Equal(charged, charge!.Value.ChargedMicropoints);
        Assert.Equal((10 * Point - charged, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_same_usage_is_charged_once_however_often_it_comes()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        var usage = Usage(hold, 11, 9);

        var first = await billing.Settlement.SettleAsync([usage, usage]);
        var again = await billing.Settlement.SettleAsync([usage with { OutputTokens = 50 }]);

        Assert.Equal([138_000, null, null], first.Concat(again).Select(charge => charge?.ChargedMicropoints));
        Assert.Equal((10 * Point - 138_000, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_price_at_the_time_of_the_hold_is_charged_whatever_changed_since()
    {
        var model = $"model-{Guid.CreateVersion7()}";
        await billing.PutPriceAsync(model, input: 6 * Point, output: 8 * Point);
        var account = await billing.CustomerAsync(100 * Point);
        var before = Hold(account, model: model);
        await billing.PlaceAsync(before);

        await billing.PutPriceAsync(model, input: 60 * Point, output: 80 * Point);
        var after = Hold(account, model: model);
        await billing.PlaceAsync(after);

        Assert.Equal(138_000, (await billing.Settlement.SubmitAsync(Usage(before, 11, 9)))!.Value.ChargedMicropoints);
        Assert.Equal(1_380_000, (await billing.Settlement.SubmitAsync(Usage(after, 11, 9)))!.Value.ChargedMicropoints);
    }

    [Fact]
    public async Task A_price_dated_in_the_future_is_not_in_force_yet()
    {
        var model = $"model-{Guid.CreateVersion7()}";
        await billing.PutPriceAsync(model, input: 6 * Point, output: 8 * Point);
        await billing.PutPriceAsync(model, input: 60 * Point, output: 80 * Point, from: TimeProvider.System.GetUtcNow().AddDays(1));
        var account = await billing.CustomerAsync(10 * Point);

        var hold = await billing.Placement.SubmitAsync(Hold(account, model: model), CancellationToken.None);

        Assert.Equal(1 * Point, hold.Micropoints);
    }

    [Fact]
    public async Task More_than_the_hold_is_charged_up_to_a_quarter_above_it_even_below_zero_and_then_nothing_more_is_held()
    {
        var account = await billing.CustomerAsync(1 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, 1000, 0));

        Assert.Equal(new("shortfall", 6 * Point, 1_250_000), charge);
        Assert.Equal((-250_000, 0), await billing.StandAsync(account));
        Assert.Equal(HoldOutcome.InsufficientPoints, await billing.PlaceAsync(Hold(account, input: 1, output: 1)));
    }

    [Fact]
    public async Task Where_the_price_row_capped_the_held_output_more_is_charged_up_to_the_models_maximum_from_available_points_only()
    {
        var model = $"model-{Guid.CreateVersion7()}";
        await billing.PutPriceAsync(model, input: 6 * Point, output: 8 * Point, maxOutput: 2000, hold: 100);
        var rich = await billing.CustomerAsync(100 * Point);
        var poor = await billing.CustomerAsync(2 * Point);
        var richHold = Hold(rich, input: 100, output: null, model: model);
        var poorHold = Hold(poor, input: 100, output: null, model: model);

        var held = await billing.Placement.PlaceAsync([richHold, poorHold]);
        Assert.Equal([1_400_000, 1_400_000], held.Select(result => result.Micropoints));

        Assert.Equal(new("shortfall", 8_600_000, 8_600_000), await billing.Settlement.SubmitAsync(Usage(richHold, 100, 1000)));
        Assert.Equal(new("shortfall", 8_600_000, 2_000_000), await billing.Settlement.SubmitAsync(Usage(poorHold, 100, 1000)));
        Assert.Equal((0, 0), await billing.StandAsync(poor));
    }

    [Fact]
    public async Task What_was_counted_by_us_never_costs_more_than_the_hold()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, 100, 500) with { Estimated = true });

        Assert.Equal(new("plain", 4_600_000, 1 * Point), charge);
    }

    [Fact]
    public async Task Usage_without_a_hold_charges_nobody_and_refuses_a_hold_that_comes_later()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, 11, 9));

        Assert.Equal(new("no_hold", 0, 0), charge);
        Assert.Equal(HoldOutcome.RequestIdConflict, await billing.PlaceAsync(hold));
        Assert.Equal((10 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Usage_that_names_another_account_than_its_hold_charges_nobody()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var other = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, 11, 9) with { AccountId = other });

        Assert.Equal(new("no_hold", 0, 0), charge);
        Assert.Equal(((10 * Point, 1 * Point), (10 * Point, 0L)), (await billing.StandAsync(account), await billing.StandAsync(other)));
        await billing.Release.SubmitAsync(new() { RequestId = hold.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
    }

    [Fact]
    public async Task A_usage_message_settles_its_hold()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);

        await billing.PublishAsync(Usage(hold, 11, 9));

        await Eventually.Equal((10 * Point - 138_000, 0), () => billing.StandAsync(account));
    }
}
