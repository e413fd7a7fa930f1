using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Settlements;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Settlements;

/// <summary>A call over the customer's own provider key is charged the service fee: a share of its price.</summary>
public sealed class OwnKeyTests(BillingFixture billing)
{
    [Fact]
    public async Task The_fee_is_charged_and_the_rest_of_the_full_hold_is_given_back()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        var held = await billing.Placement.SubmitAsync(hold, CancellationToken.None);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, 11, 9) with { OwnKey = true });

        Assert.Equal(1 * Point, held.Micropoints);
        Assert.Equal(new("plain", 13_800, 13_800), charge);
        Assert.Equal((10 * Point - 13_800, 0), await billing.StandAsync(account));
    }

    [Theory]
    [InlineData(1, 0, EndCause.Completed, false, 10_000, 10_000)] // 600, below the minimum.
    [InlineData(50, 50, EndCause.ClientAbort, false, 70_000, 70_000)]
    [InlineData(1000, 0, EndCause.Completed, false, 600_000, 125_000)] // A tenth of a quarter above the hold.
    [InlineData(1000, 0, EndCause.Completed, true, 600_000, 100_000)] // A tenth of the hold.
    [InlineData(50, 50, EndCause.ProviderError, false, 0, 0)]
    public async Task Minimum_end_causes_and_caps_are_those_of_any_call(int input, int output, EndCause cause, bool estimated, long price, long charged)
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, input, output, cause) with { OwnKey = true, Estimated = estimated });

        var rule = price == 0 ? "free" : charged < price && !estimated ? "shortfall" : "plain";
        Assert.Equal(new(rule, price, charged), charge!.Value);
        Assert.Equal((10 * Point - charged, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_share_at_the_time_of_the_hold_is_charged_whatever_was_set_since()
    {
        await using var dearer = await billing.StartAsync("Billing:OwnKeyFeePpm", "250000");
        var account = await billing.CustomerAsync(10 * Point);
        var (before, after) = (Hold(account), Hold(account));
        await billing.PlaceAsync(before);
        await dearer.Services.GetRequiredService<HoldPlacement>().SubmitAsync(after, CancellationToken.None);

        var old = await dearer.Services.GetRequiredService<Settlement>().SubmitAsync(Usage(before, 11, 9) with { OwnKey = true });
        var late = await billing.Settlement.SubmitAsync(Usage(after, 11, 9) with { OwnKey = true });

        Assert.Equal((new("plain", 13_800, 13_800), new("plain", 34_500, 34_500)), (old!.Value, late!.Value));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1000001")]
    public async Task A_share_that_is_none_stops_the_start(string share) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => billing.StartAsync("Billing:OwnKeyFeePpm", share));

    [Fact]
    public async Task The_fee_is_shown_from_its_lines_to_its_total()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account) with { MultiplierPpm = 333_333 };
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 99, 50) with { OwnKey = true });

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/charges/{hold.RequestId}", UriKind.Relative)) { Headers = { { CallHeaders.AccountId, account.ToString() } } };
        using var answer = await billing.Client.SendAsync(request);
        var shown = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;

        // 594,000 + 400,000 = 994,000; × 0.333333 = 331,333.002, rounded up 331,334; a tenth of it 33,133.4, rounded up 33,134.
        Assert.Equal(
            "994000 331333.002 331334 100000 33133.4 10000 33134 plain 33134",
            string.Join(' ', new[] { "sumMicropoints", "multipliedMicropoints", "roundedMicropoints", "ownKeyFeePpm", "feeMicropoints", "minimumMicropoints", "priceMicropoints", "rule", "totalMicropoints" }.Select(member => shown[member])));
        Assert.Equal("The call went over your own provider key: the provider bills you for it, and we charge the service fee, a share of the price.", (string?)shown["explanation"]);
    }

    [Fact]
    public async Task A_call_over_an_own_key_is_in_no_total_that_is_compared_with_our_bills()
    {
        var (account, channel, day) = (await billing.CustomerAsync(10 * Point), Guid.CreateVersion7(), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
        var (own, ours) = (Hold(account), Hold(account));
        await billing.Placement.PlaceAsync([own, ours]);
        await billing.Settlement.SubmitAsync(Usage(own, 50, 40) with { OwnKey = true, ChannelId = channel });

        var query = new Uri($"/finance/reconciliation?from={day.AddDays(-1):yyyy-MM-dd}&to={day.AddDays(2):yyyy-MM-dd}", UriKind.Relative);
        Assert.DoesNotContain(channel.ToString(), await billing.Client.GetStringAsync(query), StringComparison.Ordinal);

        await billing.Settlement.SubmitAsync(Usage(ours, 11, 9) with { ChannelId = channel });
        var row = (await billing.Client.GetFromJsonAsync<JsonElement>(query)).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("channelId").GetGuid() == channel);
        Assert.Equal(
            (1, 138_000, 1, 11, 138_000),
            (row.GetProperty("ledger").GetProperty("charges").GetInt32(), row.GetProperty("ledger").GetProperty("chargedMicropoints").GetInt64(),
                row.GetProperty("usage").GetProperty("requests").GetInt32(), row.GetProperty("usage").GetProperty("inputTokens").GetInt32(), row.GetProperty("usage").GetProperty("chargedMicropoints").GetInt64()));
    }
}
