using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Holds;

public sealed class IdempotencyKeyTests(BillingFixture billing)
{
    private static PlaceHold Keyed(Guid account, string key = "k1", string body = "b1") => Hold(account) with { IdempotencyKeyHash = key, BodyHash = body };

    [Fact]
    public async Task While_the_first_request_is_open_the_same_key_is_a_replay_without_a_charge()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var first = Keyed(account);

        var results = await billing.Placement.PlaceAsync([first, Keyed(account), Keyed(account, body: "b2")]);

        Assert.Equal([HoldOutcome.Placed, HoldOutcome.IdempotencyReplayed, HoldOutcome.IdempotencyConflict], results.Select(result => result.Outcome));
        Assert.Equal((first.RequestId, (long?)null), (results[1].FirstRequestId!.Value, results[1].FirstChargeMicropoints));
        Assert.Equal((10 * Point, 1 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Once_charged_the_same_key_names_the_request_and_its_charge()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var first = Keyed(account);
        await billing.PlaceAsync(first);
        await billing.Settlement.SubmitAsync(Usage(first, 11, 9));

        var replay = await billing.Placement.SubmitAsync(Keyed(account), CancellationToken.None);

        Assert.Equal((HoldOutcome.IdempotencyReplayed, first.RequestId, 138_000L), (replay.Outcome, replay.FirstRequestId!.Value, replay.FirstChargeMicropoints!.Value));
    }

    [Fact]
    public async Task A_request_that_ended_free_gives_its_key_to_the_next()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var first = Keyed(account);
        await billing.PlaceAsync(first);
        await billing.Settlement.SubmitAsync(Usage(first, 0, 0, EndCause.ProviderError));

        var second = Keyed(account);
        Assert.Equal(HoldOutcome.Placed, await billing.PlaceAsync(second));

        var third = await billing.Placement.SubmitAsync(Keyed(account), CancellationToken.None);
        Assert.Equal((HoldOutcome.IdempotencyReplayed, second.RequestId), (third.Outcome, third.FirstRequestId!.Value));
    }

    [Fact]
    public async Task Keys_of_different_accounts_do_not_meet()
    {
        Assert.Equal(HoldOutcome.Placed, await billing.PlaceAsync(Keyed(await billing.CustomerAsync(10 * Point))));
        Assert.Equal(HoldOutcome.Placed, await billing.PlaceAsync(Keyed(await billing.CustomerAsync(10 * Point))));
    }
}
