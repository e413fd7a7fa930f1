using System.Net;
using System.Text.Json;
using Aigc2d.Contracts.Billing;
using Aigc2d.TestKit;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Forfeitures;

public sealed class ReversalTests(BillingFixture billing)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_people_give_the_points_back_from_wherever_they_are(bool wasPosted)
    {
        var account = await billing.CustomerAsync(3 * Point);
        var id = await SealedAsync(account);
        if (wasPosted) await billing.AskAsync(HttpMethod.Post, $"/admin/forfeitures/{id}/post", new { reason = "appeal denied" });
        var appealId = Guid.CreateVersion7();

        var (asked, pending) = await ReverseAsync(id, appealId);
        var (same, _) = await ApproveAsync(id, "alice");
        Assert.Equal((HttpStatusCode.Accepted, "pending", HttpStatusCode.Forbidden), (asked, pending.GetProperty("reversal").GetProperty("state").GetString(), same));
        Assert.Equal((0L, 0L), await billing.StandAsync(account));

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ApproveAsync(id, "bob")));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, "reversed"), (answer.Status, answer.Body.GetProperty("state").GetString())));
        Assert.Equal((3 * Point, 0L), await billing.StandAsync(account));
        Assert.Equal(HoldOutcome.Placed, await PlaceAndReleaseAsync(account));
        var events = wasPosted ? 4 : 3;
        await Eventually.Equal(events, async () => (await billing.EventsOfAsync(account)).Length);
        var told = (await billing.EventsOfAsync(account))[^1];
        var data = told.GetProperty("data");
        Assert.Equal("billing.forfeiture.reversed.v1", told.GetProperty("type").GetString());
        Assert.Equal(
            (appealId, "alice", "bob", wasPosted, 3 * Point, 3 * Point),
            (data.GetProperty("appealId").GetGuid(), data.GetProperty("requestedBy").GetString(), data.GetProperty("approvedBy").GetString(),
                data.GetProperty("wasPosted").GetBoolean(), data.GetProperty("amountMicropoints").GetInt64(), data.GetProperty("balanceMicropoints").GetInt64()));
    }

    [Fact]
    public async Task A_ban_that_is_reversed_while_a_call_is_running_takes_nothing()
    {
        var account = await billing.CustomerAsync(3 * Point);
        var running = Hold(account);
        await billing.PlaceAsync(running);
        var id = await SealedAsync(account);
        await ReverseAsync(id, Guid.CreateVersion7());

        var (status, _) = await ApproveAsync(id, "bob");
        await billing.Advance.AdvanceAllAsync(CancellationToken.None);

        Assert.Equal((HttpStatusCode.OK, HoldOutcome.Placed), (status, await PlaceAndReleaseAsync(account)));
        await billing.Release.SubmitAsync(new() { RequestId = running.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
        Assert.Equal((3 * Point, 0L), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_pending_reversal_holds_the_posting_back_until_it_is_refused()
    {
        var account = await billing.CustomerAsync(3 * Point);
        var id = await SealedAsync(account);
        var appealId = Guid.CreateVersion7();
        await ReverseAsync(id, appealId);
        await billing.TamperAsync("update forfeitures set appeal_until = ledger_now() where id = $1", id);

        await billing.Advance.AdvanceAllAsync(CancellationToken.None);
        await billing.Forfeitures.AdvanceAsync(id, account, CancellationToken.None);
        var (byHand, _) = await billing.AskAsync(HttpMethod.Post, $"/admin/forfeitures/{id}/post", new { reason = "denied" });
        Assert.Equal((HttpStatusCode.Conflict, "sealed"), (byHand, (await billing.AskAsync(HttpMethod.Get, $"/admin/forfeitures/{id}")).Body.GetProperty("state").GetString()));

        var (refused, body) = await billing.AskAsync(HttpMethod.Post, $"/admin/forfeitures/{id}/reverse/refuse", new { reason = "no grounds" }, "bob");
        var (late, _) = await ApproveAsync(id, "bob");
        var (again, _) = await ReverseAsync(id, appealId);
        await billing.Advance.AdvanceAllAsync(CancellationToken.None);

        Assert.Equal((HttpStatusCode.OK, "refused", HttpStatusCode.Conflict, HttpStatusCode.OK), (refused, body.GetProperty("reversal").GetProperty("state").GetString(), late, again));
        Assert.Equal("posted", (await billing.AskAsync(HttpMethod.Get, $"/admin/forfeitures/{id}")).Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task An_appeal_reverses_one_forfeiture_and_one_reversal_waits_at_a_time()
    {
        var (id, other) = (await SealedAsync(await billing.CustomerAsync(Point)), await SealedAsync(await billing.CustomerAsync(Point)));
        var appealId = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ReverseAsync(id, appealId)));
        var (elsewhere, _) = await ReverseAsync(other, appealId);
        var (second, _) = await ReverseAsync(id, Guid.CreateVersion7());
        var (nothing, _) = await ApproveAsync(other, "bob");

        Assert.Single(answers.Select(answer => (answer.Status, answer.Body.GetProperty("reversal").GetProperty("id").GetGuid())).Distinct());
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict), (elsewhere, second, nothing));
    }

    [Fact]
    public async Task Credits_that_come_after_the_seal_stay_on_the_account_and_are_usable_when_it_is_reversed()
    {
        var account = await billing.CustomerAsync(3 * Point);
        var id = await SealedAsync(account);
        var (credited, _) = await billing.AskAsync(HttpMethod.Post, $"/admin/accounts/{account}/points", new { micropoints = 2 * Point, reason = "a late credit" });
        Assert.Equal((HttpStatusCode.OK, (2 * Point, 0L), HoldOutcome.AccountBlocked), (credited, await billing.StandAsync(account), await billing.PlaceAsync(Hold(account))));

        await ReverseAsync(id, Guid.CreateVersion7());
        await ApproveAsync(id, "bob");

        Assert.Equal((5 * Point, 0L), await billing.StandAsync(account));
        Assert.Equal(HoldOutcome.Placed, await PlaceAndReleaseAsync(account));
    }

    [Fact]
    public async Task An_account_with_two_bans_is_free_when_both_are_reversed()
    {
        var account = await billing.CustomerAsync(3 * Point);
        var (first, second) = (await SealedAsync(account), await SealedAsync(account));
        await ReverseAsync(first, Guid.CreateVersion7());
        await ApproveAsync(first, "bob");
        Assert.Equal(((3 * Point, 0L), HoldOutcome.AccountBlocked), (await billing.StandAsync(account), await billing.PlaceAsync(Hold(account))));

        await ReverseAsync(second, Guid.CreateVersion7());
        await ApproveAsync(second, "bob");

        Assert.Equal(HoldOutcome.Placed, await PlaceAndReleaseAsync(account));
    }

    [Theory]
    [InlineData("update forfeitures set state = 'ordered', sealed_at = null, micropoints = null where id = $1")]
    [InlineData("update forfeitures set state = 'reversed' where id = $1")]
    [InlineData("update forfeitures set state = 'posted', posted_by = 'x', posted_at = ledger_now() where id = $1")]
    [InlineData("update forfeitures set micropoints = 1 where id = $1")]
    [InlineData("update forfeiture_reversals set state = 'approved', decided_by = requested_by, decided_at = ledger_now() where forfeiture_id = $1")]
    [InlineData("update forfeitures f set state = 'reversed', reversal_id = r.id from forfeiture_reversals r where r.forfeiture_id = f.id and f.id = $1")]
    [InlineData("update forfeitures set state = 'posted', posted_by = 'x', posted_reason = 'denied', posted_at = ledger_now() where id = $1")]
    public async Task The_database_refuses_steps_that_nobody_may_take(string sql)
    {
        var id = await SealedAsync(await billing.CustomerAsync(Point));
        await ReverseAsync(id, Guid.CreateVersion7());

        await using var command = billing.Owner.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.StartsWith("23", refusal.SqlState, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_refuses_to_seal_while_a_call_is_running()
    {
        var account = await billing.CustomerAsync(3 * Point);
        var running = Hold(account);
        await billing.PlaceAsync(running);
        var id = await SealedAsync(account);

        await using var command = billing.Owner.CreateCommand("update forfeitures set state = 'sealed', micropoints = 0, sealed_at = ledger_now() where id = $1");
        command.Parameters.Add(new() { Value = id });
        Assert.Equal(PostgresErrorCodes.IntegrityConstraintViolation, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        await billing.Release.SubmitAsync(new() { RequestId = running.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
    }

    private async Task<Guid> SealedAsync(Guid account) => (await billing.AskAsync(
        HttpMethod.Post, $"/admin/accounts/{account}/forfeiture", new { suspensionId = Guid.CreateVersion7(), violations = new[] { Guid.CreateVersion7() }, reason = "a ban" })).Body.GetProperty("id").GetGuid();

    private Task<(HttpStatusCode Status, JsonElement Body)> ReverseAsync(Guid id, Guid appealId) =>
        billing.AskAsync(HttpMethod.Post, $"/admin/forfeitures/{id}/reverse", new { appealId, reason = "appeal won" });

    private Task<(HttpStatusCode Status, JsonElement Body)> ApproveAsync(Guid id, string actor) => billing.AskAsync(HttpMethod.Post, $"/admin/forfeitures/{id}/reverse/approve", actor: actor);

    private async Task<HoldOutcome> PlaceAndReleaseAsync(Guid account)
    {
        var hold = Hold(account);
        var outcome = await billing.PlaceAsync(hold);
        await billing.Release.SubmitAsync(new() { RequestId = hold.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
        return outcome;
    }
}
