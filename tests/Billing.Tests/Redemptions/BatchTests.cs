using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Redemptions;

public sealed class BatchTests(BillingFixture billing)
{
    [Fact]
    public async Task Codes_are_shown_once_and_kept_as_keyed_hashes()
    {
        var (batch, codes) = await billing.CodesAsync(3);

        Assert.All(codes, code => Assert.Matches("^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$", code));
        var hashes = new List<string>();
        await using var command = billing.Owner.CreateCommand("select encode(hash, 'hex') from redemption_codes where batch_id = $1 and pepper_version = 1");
        command.Parameters.Add(new() { Value = batch });
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) hashes.Add(reader.GetString(0));
        var pepper = Convert.FromBase64String(RedemptionPepper);
        Assert.Equal(
            codes.Select(code => Convert.ToHexStringLower(HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(code.Replace("-", "", StringComparison.Ordinal))))).Order(),
            hashes.Order());
    }

    [Fact]
    public async Task Ten_thousand_codes_are_all_different()
    {
        var (_, codes) = await billing.CodesAsync(10_000, micropoints: 1000);

        Assert.Equal(10_000, codes.Distinct().Count());
    }

    [Fact]
    public async Task A_list_shows_the_state_of_batches_and_never_a_code()
    {
        var (batch, codes) = await billing.CodesAsync(5);
        await billing.RedeemAsync(Guid.CreateVersion7(), codes[0]);
        await billing.RedeemAsync(Guid.CreateVersion7(), codes[1]);
        var open = await ListedAsync(batch);
        await billing.TamperAsync("update redemption_batches set expires_at = ledger_now() where id = $1", batch);
        var expired = await ListedAsync(batch);
        var revoked = (await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{batch}/revoke", new { reason = "a test" }, "bob")).Body;

        Assert.Equal(("active", 5, 3, 2, 0, 0), Counts(open));
        Assert.Equal(("active", 5, 0, 2, 3, 0), Counts(expired));
        Assert.Equal(("revoked", 5, 0, 2, 0, 3), Counts(revoked));
        Assert.Equal(("alice", "bob", "a test"), (revoked.GetProperty("requestedBy").GetString(), revoked.GetProperty("revokedBy").GetString(), revoked.GetProperty("revokedReason").GetString()));
        Assert.All(codes, code => Assert.DoesNotContain(code[..5], open.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        var batches = new List<Guid>();
        for (var i = 0; i < 3; i++) batches.Add((await billing.CodesAsync(1)).BatchId);

        var (_, first) = await billing.AskAsync(HttpMethod.Get, $"/admin/redemption-codes?state=active&limit=1&after={batches[0]}");
        var (badLimit, _) = await billing.AskAsync(HttpMethod.Get, "/admin/redemption-codes?limit=201");
        var (badState, _) = await billing.AskAsync(HttpMethod.Get, "/admin/redemption-codes?state=open");

        Assert.Single(first.GetProperty("items").EnumerateArray());
        Assert.Equal(first.GetProperty("items")[0].GetProperty("batchId").GetString(), first.GetProperty("next").GetString());
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (badLimit, badState));
    }

    [Fact]
    public async Task A_revoked_batch_keeps_what_was_redeemed_and_voids_the_rest()
    {
        var (account, other) = (await billing.CustomerAsync(Point), await billing.CustomerAsync(Point));
        var (batch, codes) = await billing.CodesAsync(2);
        await billing.RedeemAsync(account, codes[0]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{batch}/revoke", new { reason = "leaked" })));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, ("revoked", 2, 0, 1, 0, 1)), (answer.Status, Counts(answer.Body))));
        Assert.Equal("code-revoked", (await billing.RedeemAsync(other, codes[1])).Type);
        Assert.Equal(((2 * Point, 0L), (Point, 0L)), (await billing.StandAsync(account), await billing.StandAsync(other)));
    }

    [Fact]
    public async Task The_codes_of_a_batch_above_the_limit_work_only_after_a_second_person_has_agreed()
    {
        var account = await billing.CustomerAsync(Point);
        var (status, made) = await billing.AskAsync(HttpMethod.Post, "/admin/redemption-codes", new { count = 1, micropoints = 1_000_001 * Point, name = "a fair", reason = "booth" });
        var (batch, code) = (made.GetProperty("batchId").GetGuid(), made.GetProperty("codes")[0].GetString()!);
        var early = await billing.RedeemAsync(account, code);
        var (same, _) = await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{batch}/approve");
        var stillEarly = await billing.RedeemAsync(account, code);

        var (agreed, approved) = await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{batch}/approve", actor: "bob");
        var (again, _) = await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{batch}/approve", actor: "bob");

        Assert.Equal((HttpStatusCode.Accepted, "pending"), (status, made.GetProperty("state").GetString()));
        Assert.Equal(("unknown-code", HttpStatusCode.Forbidden, "unknown-code"), (early.Type, same, stillEarly.Type));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, "active", "bob"), (agreed, again, approved.GetProperty("state").GetString(), approved.GetProperty("approvedBy").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await billing.RedeemAsync(account, code)).Status);
        Assert.Equal((1_000_002 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_refused_batch_stays_refused()
    {
        var (_, made) = await billing.AskAsync(HttpMethod.Post, "/admin/redemption-codes", new { count = 2, micropoints = 600_000 * Point });
        var batch = made.GetProperty("batchId").GetGuid();
        await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{batch}/revoke", new { reason = "no budget" }, "bob");

        var (status, _) = await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{batch}/approve", actor: "bob");
        var (unknown, _) = await billing.AskAsync(HttpMethod.Post, $"/admin/redemption-codes/{Guid.CreateVersion7()}/approve", actor: "bob");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NotFound), (status, unknown));
        Assert.Equal(HttpStatusCode.Gone, (await billing.RedeemAsync(Guid.CreateVersion7(), made.GetProperty("codes")[0].GetString()!)).Status);
    }

    [Theory]
    [InlineData("""{"count":0,"micropoints":5}""", "count")]
    [InlineData("""{"count":10001,"micropoints":5}""", "count")]
    [InlineData("""{"count":1.5,"micropoints":5}""", "count")]
    [InlineData("""{"micropoints":5}""", "count")]
    [InlineData("""{"count":1}""", "micropoints")]
    [InlineData("""{"count":1,"micropoints":0}""", "micropoints")]
    [InlineData("""{"count":1,"micropoints":-5}""", "micropoints")]
    [InlineData("""{"count":1,"micropoints":9007199254740992}""", "micropoints")]
    [InlineData("""{"count":2,"micropoints":9007199254740991}""", "micropoints")]
    [InlineData("""{"count":1,"micropoints":5,"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"count":1,"micropoints":5,"expiresAt":"tomorrow"}""", "expiresAt")]
    [InlineData("""{"count":1,"micropoints":5,"name":""}""", "name")]
    [InlineData("""{"count":1,"micropoints":5,"reason":"\u0000"}""", "reason")]
    [InlineData("""{"count":0,"micropoints":0,"name":" "}""", "count,micropoints,name")]
    [InlineData("""{"count":1,"micropoints":5,"points":7}""", "points")]
    public async Task A_batch_that_makes_no_sense_is_refused_with_every_fields_name(string json, string fields)
    {
        using var request = Admin(HttpMethod.Post, "/admin/redemption-codes");
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await billing.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(fields, string.Join(',', (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(p => p.Name)));
    }

    private async Task<JsonElement> ListedAsync(Guid batch)
    {
        for (string? after = null; ;)
        {
            var (_, page) = await billing.AskAsync(HttpMethod.Get, $"/admin/redemption-codes?limit=200&after={after ?? Guid.Empty.ToString()}");
            foreach (var item in page.GetProperty("items").EnumerateArray())
                if (item.GetProperty("batchId").GetGuid() == batch) return item;
            after = page.GetProperty("next").GetString();
            Assert.NotNull(after);
        }
    }

    private static (string? State, int Count, int Open, int Redeemed, int Expired, int Void) Counts(JsonElement batch) => (
        batch.GetProperty("state").GetString(),
        batch.GetProperty("count").GetInt32(),
        batch.GetProperty("open").GetInt32(),
        batch.GetProperty("redeemed").GetInt32(),
        batch.GetProperty("expired").GetInt32(),
        batch.GetProperty("void").GetInt32());
}
