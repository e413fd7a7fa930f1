using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Adjustments;

public sealed class AdjustmentTests(BillingFixture billing)
{
    [Fact]
    public async Task Points_can_be_added_and_removed_with_a_reason()
    {
        var account = await billing.CustomerAsync(5 * Point);

        var (status, body) = await AdjustAsync(account, -2 * Point);

        Assert.Equal((HttpStatusCode.OK, "posted", 3 * Point), (status, body.GetProperty("state").GetString(), body.GetProperty("balanceMicropoints").GetInt64()));
        Assert.Equal((3 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_debit_never_takes_held_points_or_goes_below_zero()
    {
        var account = await billing.CustomerAsync(5 * Point);
        await billing.PlaceAsync(Hold(account));

        Assert.Equal(HttpStatusCode.Conflict, (await AdjustAsync(account, -4_000_001)).Status);
        Assert.Equal((5 * Point, 1 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_same_idempotency_key_posts_once_and_another_amount_is_a_conflict()
    {
        var account = await billing.CustomerAsync(Point);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AdjustAsync(account, 3 * Point, key: "same")));
        var other = await AdjustAsync(account, 4 * Point, key: "same");

        Assert.Single(answers.Select(answer => answer.Body.GetProperty("transactionId").GetString()).Distinct());
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Equal((4 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task Above_the_limit_a_second_person_has_to_agree()
    {
        var account = await billing.CustomerAsync(Point);
        var (status, body) = await AdjustAsync(account, 1_000_001 * Point);
        var id = body.GetProperty("transactionId").GetString();
        Assert.Equal((HttpStatusCode.Accepted, "pending", (Point, 0L)), (status, body.GetProperty("state").GetString(), await billing.StandAsync(account)));

        Assert.Equal(HttpStatusCode.Forbidden, await ApproveAsync(id, "alice"));
        Assert.Equal((Point, 0), await billing.StandAsync(account));

        Assert.Equal(HttpStatusCode.OK, await ApproveAsync(id, "bob"));
        Assert.Equal(HttpStatusCode.OK, await ApproveAsync(id, "bob"));
        Assert.Equal((1_000_002 * Point, 0), await billing.StandAsync(account));
        Assert.Equal(HttpStatusCode.NotFound, await ApproveAsync(Guid.CreateVersion7().ToString(), "bob"));
    }

    [Fact]
    public async Task The_second_person_finds_what_waits_and_may_refuse_it()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, body) = await AdjustAsync(account, 1_000_001 * Point);
        var id = body.GetProperty("transactionId").GetGuid();
        var waiting = await ListedAsync("pending", id);

        var (refused, _) = await RefuseAsync(id, "bob");
        var (again, _) = await RefuseAsync(id, "carol");
        var late = await ApproveAsync(id.ToString(), "bob");

        Assert.Equal(
            (account, 1_000_001 * Point, "a test", "alice"),
            (waiting!.Value.GetProperty("accountId").GetGuid(), waiting.Value.GetProperty("micropoints").GetInt64(), waiting.Value.GetProperty("reason").GetString(), waiting.Value.GetProperty("requestedBy").GetString()));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Conflict), (refused, again, late));
        Assert.Null(await ListedAsync("pending", id));
        Assert.Equal("bob", (await ListedAsync("refused", id))!.Value.GetProperty("refusedBy").GetString());
        Assert.Equal((Point, 0), await billing.StandAsync(account));
        Assert.Equal(HttpStatusCode.NotFound, (await RefuseAsync(Guid.CreateVersion7(), "bob")).Status);
    }

    [Fact]
    public async Task What_is_posted_cannot_be_refused_any_more()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, body) = await AdjustAsync(account, 2 * Point);

        Assert.Equal(HttpStatusCode.Conflict, (await RefuseAsync(body.GetProperty("transactionId").GetGuid(), "bob")).Status);
        Assert.Equal((3 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task An_approval_and_a_refusal_at_once_have_one_winner()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, body) = await AdjustAsync(account, 1_000_001 * Point);
        var id = body.GetProperty("transactionId").GetGuid();

        var (approved, refused) = (ApproveAsync(id.ToString(), "bob"), RefuseAsync(id, "carol"));
        await Task.WhenAll(approved, refused);

        var isPosted = await approved == HttpStatusCode.OK;
        Assert.Equal(isPosted ? HttpStatusCode.Conflict : HttpStatusCode.OK, (await refused).Status);
        Assert.Equal(((isPosted ? 1_000_002 : 1) * Point, 0L), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_debit_above_the_limit_that_is_not_covered_when_approved_keeps_waiting()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, body) = await AdjustAsync(account, -1_000_001 * Point);
        var id = body.GetProperty("transactionId").GetGuid();

        Assert.Equal(HttpStatusCode.Conflict, await ApproveAsync(id.ToString(), "bob"));
        Assert.NotNull(await ListedAsync("pending", id));
        Assert.Equal((Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task No_balance_grows_beyond_what_an_amount_may_be()
    {
        var account = await billing.CustomerAsync(Point);
        await billing.TamperAsync("update ledger_accounts set balance_micropoints = 9007199254740991 where id = $1", account);
        var (status, _) = await AdjustAsync(account, 1);
        await billing.TamperAsync("update ledger_accounts set balance_micropoints = $2 where id = $1", account, Point);

        Assert.Equal(HttpStatusCode.Conflict, status);
    }

    [Fact]
    public async Task What_was_asked_for_cannot_be_rewritten_and_what_is_decided_stays_decided()
    {
        var account = await billing.CustomerAsync(Point);
        var (_, body) = await AdjustAsync(account, 2 * Point);

        await using var rewrite = billing.App.CreateCommand("update adjustments set amount_micropoints = 1");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => rewrite.ExecuteNonQueryAsync())).SqlState);
        await using var undo = billing.Owner.CreateCommand("update adjustments set state = 'pending' where id = $1");
        undo.Parameters.Add(new() { Value = body.GetProperty("transactionId").GetGuid() });
        Assert.Equal(PostgresErrorCodes.IntegrityConstraintViolation, (await Assert.ThrowsAsync<PostgresException>(() => undo.ExecuteNonQueryAsync())).SqlState);
        await using var alone = billing.Owner.CreateCommand("""
            insert into adjustments (id, account_id, amount_micropoints, reason, requested_by, state, limit_micropoints) values (gen_random_uuid(), $1, 11, 'x', 'alice', 'posted', 10)
            """);
        alone.Parameters.Add(new() { Value = account });
        Assert.Equal(PostgresErrorCodes.CheckViolation, (await Assert.ThrowsAsync<PostgresException>(() => alone.ExecuteNonQueryAsync())).SqlState);
    }

    [Theory]
    [InlineData("""{"micropoints":0,"reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":1.5,"reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":"5","reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":9007199254740992,"reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":-9223372036854775808,"reason":"x"}""", "micropoints")]
    [InlineData("""{"micropoints":5}""", "reason")]
    [InlineData("""{"micropoints":5,"reason":" "}""", "reason")]
    [InlineData("""{"micropoints":5,"reason":"\u0000"}""", "reason")]
    [InlineData("""{"micropoints":5,"reason":"x","points":7}""", "points")]
    public async Task A_body_that_makes_no_sense_is_refused_with_the_fields_name(string json, string field)
    {
        using var request = Admin(HttpMethod.Post, $"/admin/accounts/{Guid.CreateVersion7()}/points");
        request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await billing.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([field], (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(p => p.Name));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> AdjustAsync(Guid account, long micropoints, string? key = null)
    {
        using var request = Admin(HttpMethod.Post, $"/admin/accounts/{account}/points", new { micropoints, reason = "a test" });
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await billing.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<HttpStatusCode> ApproveAsync(string? id, string actor)
    {
        using var request = Admin(HttpMethod.Post, $"/admin/adjustments/{id}/approve", actor: actor);
        using var response = await billing.Client.SendAsync(request);
        return response.StatusCode;
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> RefuseAsync(Guid id, string actor) => billing.AskAsync(HttpMethod.Post, $"/admin/adjustments/{id}/refuse", new { reason = "no" }, actor);

    private async Task<JsonElement?> ListedAsync(string state, Guid id)
    {
        for (string? after = Guid.Empty.ToString(); after is not null;)
        {
            var (_, page) = await billing.AskAsync(HttpMethod.Get, $"/admin/adjustments?state={state}&limit=200&after={after}");
            foreach (var item in page.GetProperty("items").EnumerateArray())
                if (item.GetProperty("transactionId").GetGuid() == id) return item;
            after = page.GetProperty("next").GetString();
        }

        return null;
    }
}
