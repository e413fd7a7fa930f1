using Aigc2d.Contracts.Billing;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Holds;

public sealed class HoldTests(BillingFixture billing)
{
    [Fact]
    public async Task A_hold_freezes_the_price_of_the_prompt_and_of_the_most_output()
    {
        var account = await billing.CustomerAsync(10 * Point);

        var result = await billing.Placement.SubmitAsync(Hold(account, input: 100, output: 50), CancellationToken.None);

        Assert.Equal((HoldOutcome.Placed, 1_000_000, 50), (result.Outcome, result.Micropoints, result.HeldOutputTokens));
        Assert.Equal((10 * Point, 1 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Requests_racing_for_the_last_points_cannot_all_win()
    {
        var account = await billing.CustomerAsync(10 * Point);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => billing.PlaceAsync(Hold(account)))));

        Assert.Equal(10, outcomes.Count(outcome => outcome == HoldOutcome.Placed));
        Assert.Equal(190, outcomes.Count(outcome => outcome == HoldOutcome.InsufficientPoints));
        Assert.Equal((10 * Point, 10 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Two_batches_at_once_cannot_spend_the_same_points()
    {
        var account = await billing.CustomerAsync(10 * Point);

        // Straight to the ledger, beside its own queue: as two processes would.
        var batches = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => PlaceUntilLockedAsync([.. Enumerable.Range(0, 10).Select(_ => Hold(account))]))));

        Assert.Equal(10, batches.SelectMany(batch => batch).Count(result => result.Outcome == HoldOutcome.Placed));
        Assert.Equal((10 * Point, 10 * Point), await billing.StandAsync(account));
    }

    /// <summary>Behind nineteen others a batch may wait longer for the account than the 200 ms it is given; its caller then tries again.</summary>
    private async Task<IReadOnlyList<PlaceHoldResult>> PlaceUntilLockedAsync(PlaceHold[] holds)
    {
        while (true)
        {
            try
            {
                return await billing.Placement.PlaceAsync(holds);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
            }
        }
    }

    [Fact]
    public async Task A_repeated_hold_answers_as_the_first_did_and_freezes_nothing_more()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);

        var answers = await billing.Placement.PlaceAsync([hold, hold]);
        var again = await billing.Placement.SubmitAsync(hold, CancellationToken.None);

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(answers[0], again);
        Assert.Equal((10 * Point, 1 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_request_id_that_comes_again_with_other_content_is_a_conflict()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);

        Assert.Equal(HoldOutcome.RequestIdConflict, await billing.PlaceAsync(hold with { InputTokens = 101 }));
        Assert.Equal(HoldOutcome.RequestIdConflict, await billing.PlaceAsync(hold with { AccountId = await billing.CustomerAsync(10 * Point) }));
        Assert.Equal((10 * Point, 1 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task One_malformed_hold_among_fifty_fails_alone()
    {
        var account = await billing.CustomerAsync(100 * Point);
        var holds = Enumerable.Range(0, 50).Select(i => Hold(account, model: i == 25 ? "poison\ud800" : Model)).ToArray();

        var outcomes = await Task.WhenAll(holds.Select(async hold =>
        {
            try
            {
                return (await billing.Placement.SubmitAsync(hold, CancellationToken.None)).Outcome.ToString();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                return "failed";
            }
        }));

        Assert.Equal(49, outcomes.Count(outcome => outcome == nameof(HoldOutcome.Placed)));
        Assert.NotEqual(nameof(HoldOutcome.Placed), outcomes[25]);
    }

    [Fact]
    public async Task Refusals_name_their_reason_and_freeze_nothing()
    {
        var account = await billing.CustomerAsync(1 * Point);

        Assert.Equal(HoldOutcome.UnknownModel, await billing.PlaceAsync(Hold(account, model: "no-such-model")));
        Assert.Equal(HoldOutcome.ContextLengthExceeded, await billing.PlaceAsync(Hold(account, input: 4096)));
        Assert.Equal(HoldOutcome.Invalid, await billing.PlaceAsync(Hold(account) with { Choices = 129 }));
        Assert.Equal(HoldOutcome.Invalid, await billing.PlaceAsync(Hold(account) with { InputTokens = -1 }));
        Assert.Equal(HoldOutcome.InsufficientPoints, await billing.PlaceAsync(Hold(account, output: 1000)));
        Assert.Equal(HoldOutcome.InsufficientPoints, await billing.PlaceAsync(Hold(Guid.CreateVersion7())));
        Assert.Equal((1 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_call_without_output_holds_and_is_charged_its_input_alone_however_long_all_inputs_are_together()
    {
        var account = await billing.CustomerAsync(100 * Point);
        var many = Hold(account, input: 5_000, output: 0);
        var little = Hold(account, input: 1, output: 0);

        var held = await billing.Placement.SubmitAsync(many, CancellationToken.None);
        var least = await billing.Placement.SubmitAsync(little, CancellationToken.None);
        await billing.Settlement.SubmitAsync(Usage(many, 4_900, 0));
        await billing.Settlement.SubmitAsync(Usage(little, 1, 0));

        Assert.Equal((HoldOutcome.Placed, 30 * Point, 0), (held.Outcome, held.Micropoints, held.HeldOutputTokens));
        Assert.Equal((HoldOutcome.Placed, 10_000, 0), (least.Outcome, least.Micropoints, least.HeldOutputTokens));
        Assert.Equal((100 * Point - 29_400_000 - 10_000, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Sealed_points_cannot_be_held()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var running = Hold(account);
        await billing.PlaceAsync(running);
        await billing.SealAsync(account);

        Assert.Equal(HoldOutcome.AccountBlocked, await billing.PlaceAsync(Hold(account)));
        Assert.Equal((10 * Point, 1 * Point), await billing.StandAsync(account));
        await billing.Release.SubmitAsync(new() { RequestId = running.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
    }

    [Fact]
    public async Task A_release_gives_back_what_was_frozen_once()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        var release = new ReleaseHold { RequestId = hold.RequestId, AccountId = account, Reason = "input_blocked" };

        Assert.Equal([true, false], await billing.Release.ReleaseAsync([release, release]));
        Assert.Equal([false], await billing.Release.ReleaseAsync([release]));
        Assert.Equal((10 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_release_that_comes_before_its_hold_refuses_the_hold()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);

        await billing.Release.SubmitAsync(new() { RequestId = hold.RequestId, AccountId = account, Reason = "admission_failed" }, CancellationToken.None);

        Assert.Equal(HoldOutcome.RequestIdConflict, await billing.PlaceAsync(hold));
        Assert.Equal((10 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_release_with_somebody_elses_account_does_nothing()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);

        await billing.Release.SubmitAsync(new() { RequestId = hold.RequestId, AccountId = await billing.CustomerAsync(Point), Reason = "input_blocked" }, CancellationToken.None);

        Assert.Equal((10 * Point, 1 * Point), await billing.StandAsync(account));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_daily_cap_counts_what_is_held_and_charged_and_refuses_more(bool onKey)
    {
        var account = await billing.CustomerAsync(100 * Point);
        PlaceHold Capped() => onKey ? Hold(account) with { KeyMicropointsPerDay = 3 * Point } : Hold(account) with { AccountMicropointsPerDay = 3 * Point };
        var first = Capped();

        var outcomes = (await billing.Placement.PlaceAsync([first, Capped(), Capped(), Capped()])).Select(result => result.Outcome);
        Assert.Equal([HoldOutcome.Placed, HoldOutcome.Placed, HoldOutcome.Placed, HoldOutcome.DayCapReached], outcomes);

        // 0.6 of the first point is charged and 0.4 returned: not enough for another whole point, enough for a smaller call.
        await billing.Settlement.SubmitAsync(Usage(first, 100, 0));
        Assert.Equal(HoldOutcome.DayCapReached, await billing.PlaceAsync(Capped()));
        Assert.Equal(HoldOutcome.Placed, await billing.PlaceAsync(Capped() with { InputTokens = 50, MaxOutputTokens = 10 }));
    }
}
