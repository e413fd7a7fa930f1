using System.Net.Http.Json;
using Aigc2d.Billing.Tests.Prices;
using Aigc2d.Contracts.Billing;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Holds;

/// <summary>Holds and charges of what is not counted in plain tokens.</summary>
public sealed class KindHoldTests(BillingFixture billing)
{
    private static readonly DiffusionJob Job = new() { Width = 768, Height = 768, Steps = 20, ControlNetUnits = 1 };

    [Fact]
    public async Task A_hold_is_the_exact_price_of_what_is_asked_for()
    {
        var model = await billing.ModelAsync(PriceDesk.Kinds);
        var account = await billing.CustomerAsync(1000 * Point);
        PlaceHold Ask() => Hold(account, input: 0, output: null, model: model);

        var placed = await billing.Placement.PlaceAsync([
            Ask() with { Characters = 2_345 }, Ask() with { Milliseconds = 61_250 }, Ask() with { Images = 3, ImageSize = "1024x1024" },
            Ask() with { Images = 1, ImageSize = "1024x1024", ImageQuality = "hd", MultiplierPpm = 500_000 }, Ask() with { TaskAction = "imagine" }, Ask() with { Diffusion = Job },
        ]);

        Assert.Equal([35_175_000, 9_187_500, 120_000_000, 40_000_000, 100_000_000, 52_000_000], placed.Select(result => result.Micropoints));
        Assert.All(placed, result => Assert.Equal((HoldOutcome.Placed, 0), (result.Outcome, result.HeldOutputTokens)));
        Assert.Equal((1000 * Point, 356_362_500), await billing.StandAsync(account));
    }

    [Fact]
    public async Task What_the_row_has_no_rate_for_is_not_held()
    {
        var kinds = await billing.ModelAsync(PriceDesk.Kinds);
        var tokens = await billing.ModelAsync(PriceDesk.Tokens);
        var account = await billing.CustomerAsync(1000 * Point);
        PlaceHold Ask(string model) => Hold(account, input: 0, output: 1, model: model);

        var results = await billing.Placement.PlaceAsync([
            Ask(kinds), Ask(kinds) with { Images = 1, ImageSize = "256x256" }, Ask(kinds) with { TaskAction = "animate" },
            Ask(tokens) with { TaskAction = "imagine" }, Ask(tokens) with { Diffusion = Job }, Ask(tokens) with { Images = 1, ImageSize = "1024x1024" },
        ]);

        Assert.All(results, result => Assert.Equal(HoldOutcome.NotPriced, result.Outcome));
        Assert.Equal((1000 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Malformed_quantities_and_prices_beyond_the_ledger_are_invalid()
    {
        var model = await billing.ModelAsync("\"micropointsPerSecond\":1000000000000,\"diffusion\":{\"base\":1000,\"perControlNetUnit\":6,\"micropointsPerUnit\":1000000000000,\"roundToMicropoints\":1}");
        var account = await billing.CustomerAsync(1000 * Point);
        PlaceHold Ask() => Hold(account, input: 0, output: null, model: model);

        PlaceHold[] asks =
        [
            Ask() with { Characters = -1 }, Ask() with { Milliseconds = 86_400_001 }, Ask() with { Images = 1 }, Ask() with { Images = 129, ImageSize = "a" },
            Ask() with { TaskAction = "" }, Ask() with { TaskAction = "imagine", Diffusion = Job }, Ask() with { Diffusion = Job with { ControlNetUnits = 4 } },
            Ask() with { Diffusion = Job with { Width = 0 } }, Ask() with { Diffusion = Job with { Steps = 0 } },
            Ask() with { Milliseconds = 86_400_000, MultiplierPpm = 1_000_000_000 }, Ask() with { Diffusion = Job with { Width = 16_384, Height = 16_384 } },
        ];

        Assert.All(await Task.WhenAll(asks.Select(billing.PlaceAsync)), outcome => Assert.Equal(HoldOutcome.Invalid, outcome));
        Assert.Equal((1000 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_same_request_id_with_other_quantities_is_a_conflict()
    {
        var model = await billing.ModelAsync(PriceDesk.Kinds);
        var account = await billing.CustomerAsync(1000 * Point);
        var ask = Hold(account, input: 0, output: null, model: model) with { TaskAction = "upscale" };

        Assert.Equal(
            [HoldOutcome.Placed, HoldOutcome.Placed, HoldOutcome.RequestIdConflict, HoldOutcome.RequestIdConflict],
            (await billing.Placement.PlaceAsync([ask, ask, ask with { TaskAction = "imagine" }, ask with { TaskAction = null, Characters = 1 }])).Select(result => result.Outcome));
        Assert.Equal((1000 * Point, 10 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Images_cost_what_they_cost_when_they_were_held_and_the_size_that_came()
    {
        var model = await billing.ModelAsync(PriceDesk.Kinds);
        var account = await billing.CustomerAsync(1000 * Point);
        PlaceHold Ask() => Hold(account, input: 0, output: null, model: model) with { Images = 2, ImageSize = "1024x1024", ImageQuality = "hd" };
        PlaceHold[] asks = [Ask(), Ask(), Ask()];
        await billing.Placement.PlaceAsync(asks);

        await billing.PutAsync(model, "\"images\":{\"1024x1024\":1,\"1024x1024/hd\":2}");

        Assert.Equal(new("plain", 160 * Point, 160 * Point), await billing.Settlement.SubmitAsync(Usage(asks[0], 0, 0) with { Images = 2 }));
        Assert.Equal(new("plain", 40 * Point, 40 * Point), await billing.Settlement.SubmitAsync(Usage(asks[1], 0, 0) with { Images = 1, ImageSize = "1024x1024" }));
        Assert.Equal(new("plain", 80 * Point, 80 * Point), await billing.Settlement.SubmitAsync(Usage(asks[2], 0, 0) with { Images = 1, ImageSize = "9x9", ImageQuality = "8k" }));
        Assert.Equal((720 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Details_of_tokens_seconds_and_characters_are_charged_at_their_own_rates()
    {
        var model = await billing.ModelAsync(PriceDesk.Tokens, PriceDesk.Kinds);
        var account = await billing.CustomerAsync(1000 * Point);
        var hold = Hold(account, input: 1000, output: 1000, model: model) with { Milliseconds = 500_000, Characters = 1_000 };
        await billing.PlaceAsync(hold);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, 100, 80) with
        {
            CachedInputTokens = 10,
            CacheWriteTokens = 20,
            AudioInputTokens = 30,
            ImageInputTokens = 5,
            ReasoningTokens = 40,
            AudioOutputTokens = 10,
            ImageOutputTokens = 20,
            Milliseconds = 1_500,
            Characters = 2_000,
        });

        // 35 × 6 + 10 × 3 + 20 × 7.5 + 30 × 60 + 5 × 9 + 10 × 8 + 40 × 16 + 10 × 80 + 20 × 40 thousandths of a point, 1.5 s and 2,000 characters.
        Assert.Equal(4_555_000 + 225_000 + 30_000_000, charge!.Value.ChargedMicropoints);
        Assert.Equal((1000 * Point - charge.Value.ChargedMicropoints, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Usage_so_absurd_that_no_price_carries_it_stops_nobody_elses_settlement()
    {
        var model = await billing.ModelAsync("\"micropointsPer1kCharacters\":1000000000000");
        var account = await billing.CustomerAsync(3_000 * Point);
        PlaceHold Ask() => Hold(account, input: 0, output: null, model: model) with { Characters = 1 };
        PlaceHold[] asks = [Ask(), Ask()];
        await billing.Placement.PlaceAsync(asks);

        var charges = await billing.Settlement.SettleAsync([Usage(asks[0], 0, 0) with { Characters = 1_000_000_000_000 }, Usage(asks[1], 0, 0) with { Characters = 1 }]);

        Assert.Equal([new("shortfall", 9_007_199_254_740_991, 1_250 * Point), new("plain", 1_000 * Point, 1_000 * Point)], charges.Select(charge => charge!.Value));
        Assert.Equal((750 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_tasks_hold_lives_twenty_minutes_and_as_long_again_when_renewed()
    {
        var model = await billing.ModelAsync(PriceDesk.Kinds);
        var account = await billing.CustomerAsync(1000 * Point);
        PlaceHold[] asks =
        [
            Hold(account, input: 0, output: null, model: model) with { TaskAction = "imagine" }, Hold(account, input: 0, output: null, model: model) with { Diffusion = Job },
            Hold(account, input: 0, output: null, model: model) with { Characters = 1 },
        ];
        await billing.Placement.PlaceAsync(asks);
        Assert.Equal("20 20 2", await MinutesLeftAsync(asks));

        await using (var lapse = billing.Owner.CreateCommand("update holds set expires_at = ledger_now() + interval '10 seconds' where account_id = $1"))
        {
            lapse.Parameters.Add(new() { Value = account });
            await lapse.ExecuteNonQueryAsync();
        }

        using var renewed = await billing.Client.PostAsJsonAsync(new Uri("/internal/holds/renew", UriKind.Relative), new RenewHoldsRequest { RequestIds = [.. asks.Select(ask => ask.RequestId)] });
        Assert.Equal("20 20 2", await MinutesLeftAsync(asks));
        foreach (var ask in asks) await billing.Release.SubmitAsync(new() { RequestId = ask.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
    }

    [Fact]
    public async Task Impossible_counts_in_a_message_are_parked_and_charge_nobody()
    {
        var account = await billing.CustomerAsync(10 * Point);
        PlaceHold[] asks = [Hold(account), Hold(account)];
        await billing.Placement.PlaceAsync(asks);
        await billing.PublishAsync(Usage(asks[0], 1, 1) with { ReasoningTokens = -1 });
        await billing.PublishAsync(Usage(asks[0], 1, 1) with { Characters = 1_000_000_000_001 });
        await billing.PublishAsync(Usage(asks[1], 11, 9));

        await TestKit.Eventually.Equal((10 * Point - 138_000, 1 * Point), () => billing.StandAsync(account));
        await billing.Release.SubmitAsync(new() { RequestId = asks[0].RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
    }

    private async Task<string> MinutesLeftAsync(PlaceHold[] asks)
    {
        var minutes = new List<int>();
        foreach (var ask in asks)
        {
            await using var command = billing.Owner.CreateCommand("select ceil(extract(epoch from expires_at - ledger_now()) / 60)::int from holds where request_id = $1");
            command.Parameters.Add(new() { Value = ask.RequestId });
            minutes.Add((int)(await command.ExecuteScalarAsync())!);
        }

        return string.Join(' ', minutes);
    }
}
