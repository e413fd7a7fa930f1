using System.Net;
using System.Text.Json;
using Aigc2d.Billing.Forfeitures;
using Aigc2d.Billing.Tests.Redemptions;
using Aigc2d.Contracts.Billing;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Forfeitures;

public sealed class ForfeitureTests(BillingFixture billing)
{
    [Fact]
    public async Task A_ban_seals_the_whole_balance_at_once_when_no_call_is_running()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var (suspension, violation) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var (status, body) = await OrderAsync(account, suspension, violation);

        Assert.Equal(
            (HttpStatusCode.OK, "sealed", 10 * Point, account, suspension, violation, "alice"),
            (status, body.GetProperty("state").GetString(), body.GetProperty("micropoints").GetInt64(), body.GetProperty("accountId").GetGuid(),
                body.GetProperty("suspensionId").GetGuid(), body.GetProperty("violations")[0].GetGuid(), body.GetProperty("orderedBy").GetString()));
        Assert.Equal(TimeSpan.FromHours(72), body.GetProperty("appealUntil").GetDateTime() - body.GetProperty("orderedAt").GetDateTime());
        Assert.Equal(new PointsResponse { BalanceMicropoints = 0, HeldMicropoints = 0, AvailableMicropoints = 0, SealedMicropoints = 10 * Point }, await billing.PointsOfAsync(account));
        Assert.Equal(body.GetRawText(), (await billing.AskAsync(HttpMethod.Get, $"/admin/forfeitures/{body.GetProperty("id").GetGuid()}")).Body.GetRawText());

        var told = await ToldAsync(account, 2);
        Assert.Equal("billing.forfeiture.sealed.v1", told.GetProperty("type").GetString());
        Assert.Equal(
            (body.GetProperty("id").GetGuid(), suspension, violation, -10 * Point, 0L),
            (Data(told, "forfeitureId").GetGuid(), Data(told, "suspensionId").GetGuid(), Data(told, "violations")[0].GetGuid(), Data(told, "amountMicropoints").GetInt64(), Data(told, "balanceMicropoints").GetInt64()));
    }

    [Fact]
    public async Task A_call_that_runs_during_the_ban_settles_before_the_rest_is_forfeited()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var running = Hold(account);
        await billing.PlaceAsync(running);

        var (_, body) = await OrderAsync(account);
        await billing.Advance.AdvanceAllAsync(CancellationToken.None);
        var refused = await billing.PlaceAsync(Hold(account));
        Assert.Equal(("ordered", HoldOutcome.AccountBlocked, (10 * Point, 1 * Point)), (body.GetProperty("state").GetString(), refused, await billing.StandAsync(account)));
        Assert.Equal(JsonValueKind.Null, body.GetProperty("micropoints").ValueKind);
        Assert.Equal(HttpStatusCode.Conflict, (await billing.AskAsync(HttpMethod.Post, Path(body, "post"), new { reason = "too early" })).Status);

        var charge = await billing.Settlement.SubmitAsync(Usage(running, 11, 9));
        await billing.Advance.AdvanceAllAsync(CancellationToken.None);

        Assert.Equal(new("plain", 138_000, 138_000), charge);
        Assert.Equal(new PointsResponse { BalanceMicropoints = 0, HeldMicropoints = 0, AvailableMicropoints = 0, SealedMicropoints = 10 * Point - 138_000 }, await billing.PointsOfAsync(account));
        Assert.Equal("sealed", await StateAsync(body));
    }

    [Fact]
    public async Task The_service_itself_seals_when_the_last_call_has_ended()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var running = Hold(account);
        await billing.PlaceAsync(running);
        var (_, body) = await OrderAsync(account);

        await billing.Release.SubmitAsync(new() { RequestId = running.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);

        await Eventually.Equal("sealed", () => StateAsync(body));
        Assert.Equal(10 * Point, (await billing.PointsOfAsync(account)).SealedMicropoints);
    }

    [Fact]
    public async Task An_order_is_carried_out_once_per_suspension_and_another_order_for_it_is_a_conflict()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var (suspension, violation) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => OrderAsync(account, suspension, violation)));
        var (other, _) = await OrderAsync(account, suspension, Guid.CreateVersion7());
        var (elsewhere, _) = await OrderAsync(Guid.CreateVersion7(), suspension, violation);

        Assert.Single(answers.Select(answer => (answer.Status, answer.Body.GetProperty("id").GetGuid(), answer.Body.GetProperty("micropoints").GetInt64())).Distinct());
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (other, elsewhere));
        Assert.Equal(2, (await ToldAllAsync(account, 2)).Length);
    }

    [Fact]
    public async Task Nothing_can_use_points_after_the_ban()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var running = Hold(account);
        await billing.PlaceAsync(running);
        var (_, codes) = await billing.CodesAsync(1);
        await billing.SealAsync(account);

        var hold = await billing.PlaceAsync(Hold(account));
        var debit = await billing.AskAsync(HttpMethod.Post, $"/admin/accounts/{account}/points", new { micropoints = -Point, reason = "a test" });
        var redemption = await billing.RedeemAsync(account, codes[0]);

        Assert.Equal((HoldOutcome.AccountBlocked, HttpStatusCode.Conflict, HttpStatusCode.Forbidden), (hold, debit.Status, redemption.Status));
        Assert.Equal((10 * Point, 1 * Point), await billing.StandAsync(account));
        await billing.Release.SubmitAsync(new() { RequestId = running.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
    }

    [Fact]
    public async Task Usage_that_comes_after_the_seal_for_a_hold_that_expired_is_our_loss()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var late = Hold(account);
        await billing.PlaceAsync(late);
        await billing.Release.SubmitAsync(new() { RequestId = late.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
        await billing.SealAsync(account);

        Assert.Equal(new("late", 138_000, 0), await billing.Settlement.SubmitAsync(Usage(late, 11, 9)));
        Assert.Equal(10 * Point, (await billing.PointsOfAsync(account)).SealedMicropoints);
    }

    [Fact]
    public async Task Sealed_points_are_posted_as_forfeited_when_the_appeal_window_has_passed_and_not_before()
    {
        var (early, due) = (await billing.CustomerAsync(3 * Point), await billing.CustomerAsync(5 * Point));
        var (_, waits) = await OrderAsync(early);
        var forfeitures = ActivatorUtilities.CreateInstance<ForfeitureLedger>(billing.Services, Options.Create(new BillingOptions { AppealWindow = TimeSpan.Zero }));
        var ordered = (await forfeitures.OrderAsync(new(due, Guid.CreateVersion7(), [Guid.CreateVersion7()], "a ban", "alice"), CancellationToken.None)).Forfeiture!;

        await billing.Advance.AdvanceAllAsync(CancellationToken.None);
        await forfeitures.AdvanceAsync(ordered.Id, due, CancellationToken.None);
        await forfeitures.AdvanceAsync(waits.GetProperty("id").GetGuid(), early, CancellationToken.None);

        var (_, posted) = await billing.AskAsync(HttpMethod.Get, $"/admin/forfeitures/{ordered.Id}");
        Assert.Equal(
            ("sealed", "posted", "billing", JsonValueKind.Null),
            (await StateAsync(waits), posted.GetProperty("state").GetString(), posted.GetProperty("postedBy").GetString(), posted.GetProperty("postedReason").ValueKind));
        Assert.Equal((3 * Point, 0L), ((await billing.PointsOfAsync(early)).SealedMicropoints, (await billing.PointsOfAsync(due)).SealedMicropoints));
        var told = await ToldAsync(due, 3);
        Assert.Equal("billing.forfeiture.posted.v1", told.GetProperty("type").GetString());
        Assert.Equal(
            ("appeal_window_passed", 5 * Point, 0L, 0L),
            (Data(told, "cause").GetString(), Data(told, "forfeitedMicropoints").GetInt64(), Data(told, "amountMicropoints").GetInt64(), Data(told, "balanceMicropoints").GetInt64()));
    }

    [Fact]
    public async Task A_denied_appeal_posts_at_once_and_only_once()
    {
        var account = await billing.CustomerAsync(3 * Point);
        var (_, body) = await OrderAsync(account);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => billing.AskAsync(HttpMethod.Post, Path(body, "post"), new { reason = "appeal denied" }, "bob")));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, "posted", "bob"), (answer.Status, answer.Body.GetProperty("state").GetString(), answer.Body.GetProperty("postedBy").GetString())));
        Assert.Equal(("appeal_denied", "appeal denied"), (Data(await ToldAsync(account, 3), "cause").GetString(), Data(await ToldAsync(account, 3), "reason").GetString()));
        Assert.Equal(HoldOutcome.AccountBlocked, await billing.PlaceAsync(Hold(account)));
    }

    [Fact]
    public async Task Orders_and_decisions_that_make_no_sense_are_refused_with_the_fields_name()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, body) = await OrderAsync(account);
        var violations = new[] { Guid.CreateVersion7() };
        var suspensionId = Guid.CreateVersion7();
        (string Path, object Body, string Field)[] asks =
        [
            ($"/admin/accounts/{account}/forfeiture", new { suspensionId, violations, reason = " " }, "reason"),
            ($"/admin/accounts/{account}/forfeiture", new { suspensionId, violations = Array.Empty<Guid>(), reason = "x" }, "violations"),
            ($"/admin/accounts/{account}/forfeiture", new { suspensionId, violations = Enumerable.Repeat(suspensionId, 101), reason = "x" }, "violations"),
            ($"/admin/accounts/{account}/forfeiture", new { violations, reason = "x" }, "suspensionId"),
            ($"/admin/accounts/{account}/forfeiture", new { suspensionId, violations, reason = "x", amount = 7 }, "amount"),
            (Path(body, "post"), new { reason = "" }, "reason"),
            (Path(body, "reverse"), new { appealId = suspensionId, reason = "" }, "reason"),
            (Path(body, "reverse"), new { reason = "x" }, "appealId"),
            (Path(body, "reverse/refuse"), new { reason = "\0" }, "reason"),
        ];

        foreach (var ask in asks)
        {
            var (status, problem) = await billing.AskAsync(HttpMethod.Post, ask.Path, ask.Body);
            Assert.Equal((HttpStatusCode.BadRequest, ask.Field), (status, string.Join(',', problem.GetProperty("errors").EnumerateObject().Select(p => p.Name))));
        }

        var unknown = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.NotFound, (await billing.AskAsync(HttpMethod.Get, $"/admin/forfeitures/{unknown}")).Status);
        foreach (var step in new[] { "post", "reverse/approve", "reverse/refuse" })
            Assert.Equal(HttpStatusCode.NotFound, (await billing.AskAsync(HttpMethod.Post, $"/admin/forfeitures/{unknown}/{step}", new { reason = "x" })).Status);
        Assert.Equal("sealed", await StateAsync(body));
    }

    [Fact]
    public async Task Forfeitures_are_listed_by_state_in_pages()
    {
        var (_, first) = await OrderAsync(await billing.CustomerAsync(Point));
        var (_, second) = await OrderAsync(await billing.CustomerAsync(Point));

        var (_, page) = await billing.AskAsync(HttpMethod.Get, $"/admin/forfeitures?state=sealed&limit=200&after={first.GetProperty("id").GetGuid()}");
        var (_, one) = await billing.AskAsync(HttpMethod.Get, "/admin/forfeitures?limit=1");

        var ids = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()).ToArray();
        Assert.Contains(second.GetProperty("id").GetGuid(), ids);
        Assert.DoesNotContain(first.GetProperty("id").GetGuid(), ids);
        Assert.All(page.GetProperty("items").EnumerateArray(), item => Assert.Equal("sealed", item.GetProperty("state").GetString()));
        Assert.Equal(one.GetProperty("items")[0].GetProperty("id").GetString(), one.GetProperty("next").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await billing.AskAsync(HttpMethod.Get, "/admin/forfeitures?state=gone")).Status);
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> OrderAsync(Guid account, Guid? suspensionId = null, Guid? violation = null) => billing.AskAsync(
        HttpMethod.Post, $"/admin/accounts/{account}/forfeiture", new { suspensionId = suspensionId ?? Guid.CreateVersion7(), violations = new[] { violation ?? Guid.CreateVersion7() }, reason = "a ban" });

    private static string Path(JsonElement forfeiture, string step) => $"/admin/forfeitures/{forfeiture.GetProperty("id").GetGuid()}/{step}";

    private async Task<string?> StateAsync(JsonElement forfeiture) =>
        (await billing.AskAsync(HttpMethod.Get, $"/admin/forfeitures/{forfeiture.GetProperty("id").GetGuid()}")).Body.GetProperty("state").GetString();

    private async Task<JsonElement> ToldAsync(Guid account, int sequence) => (await ToldAllAsync(account, sequence))[^1];

    private async Task<JsonElement[]> ToldAllAsync(Guid account, int count)
    {
        await Eventually.Equal(count, async () => (await billing.EventsOfAsync(account)).Length);
        return await billing.EventsOfAsync(account);
    }

    private static JsonElement Data(JsonElement told, string member) => told.GetProperty("data").GetProperty(member);
}
