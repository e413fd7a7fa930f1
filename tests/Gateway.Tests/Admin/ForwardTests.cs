using Aigc2d.Contracts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Admin;

public sealed class ForwardTests
{
    private const string Id = "01930000-0000-7000-8000-000000000001";

    public static TheoryData<string, string, string, string?> Routes => new()
    {
        { "GET", "/admin/channels?limit=1", "adapters", null },
        { "POST", "/admin/channels", "adapters", """{ "name":"é", "credential":"s" }""" },
        { "GET", $"/admin/channels/{Id}", "adapters", null },
        { "PATCH", $"/admin/channels/{Id}", "adapters", "{}" },
        { "DELETE", $"/admin/channels/{Id}", "adapters", null },
        { "POST", $"/admin/channels/{Id}/test", "adapters", """{"model":"m"}""" },
        { "GET", "/admin/channels/health", "adapters", null },
        { "GET", $"/admin/channels/{Id}/health", "adapters", null },
        { "GET", $"/admin/channels/{Id}/upstream-models", "adapters", null },
        { "GET", "/admin/prices?model=a%2Fb&at=2026-01-01T00:00:00Z", "billing", null },
        { "PUT", "/admin/prices", "billing", "[]" },
        { "GET", "/admin/adjustments?state=pending", "billing", null },
        { "POST", $"/admin/adjustments/{Id}/approve", "billing", null },
        { "POST", $"/admin/adjustments/{Id}/refuse", "billing", """{"reason":"r"}""" },
        { "GET", "/admin/redemption-codes?limit=1", "billing", null },
        { "POST", "/admin/redemption-codes", "billing", """{"count":1,"micropoints":1}""" },
        { "POST", $"/admin/redemption-codes/{Id}/approve", "billing", null },
        { "POST", $"/admin/redemption-codes/{Id}/revoke", "billing", """{"reason":"r"}""" },
        { "POST", $"/admin/accounts/{Id}/forfeiture", "billing", """{"suspensionId":"s","violations":[],"reason":"r"}""" },
        { "GET", "/admin/forfeitures?state=sealed", "billing", null },
        { "GET", $"/admin/forfeitures/{Id}", "billing", null },
        { "POST", $"/admin/forfeitures/{Id}/post", "billing", """{"reason":"r"}""" },
        { "POST", $"/admin/forfeitures/{Id}/reverse", "billing", """{"appealId":"a","reason":"r"}""" },
        { "POST", $"/admin/forfeitures/{Id}/reverse/approve", "billing", null },
        { "POST", $"/admin/forfeitures/{Id}/reverse/refuse", "billing", """{"reason":"r"}""" },
        { "POST", $"/admin/accounts/{Id}/points", "billing", """{"micropoints":1,"reason":"r"}""" },
        { "GET", "/admin/accounts?query=%E6%A8%A1&limit=5", "accounts", null },
        { "GET", "/admin/policies?category=hate&history=true", "moderation", null },
        { "PUT", "/admin/policies", "moderation", """[{"category":"hate","stage":"prompt","reason":"r"}]""" },
        { "GET", "/admin/plans", "accounts", null },
        { "PATCH", "/admin/plans/standard", "accounts", """{"strictness":"strict","reason":"r"}""" },
        { "POST", "/admin/plans/standard/preview", "accounts", """{"strictness":"strict","reason":"r"}""" },
        { "GET", "/admin/plans/standard/changes?limit=5", "accounts", null },
        { "GET", "/admin/policies/strictness?from=standard&to=strict", "moderation", null },
        { "POST", "/admin/policies/preview", "moderation", """[{"category":"hate","stage":"prompt","reason":"r"}]""" },
        { "GET", "/admin/policies/embeddings", "moderation", null },
        { "PUT", "/admin/policies/embeddings", "moderation", """{"screened":false,"reason":"r"}""" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_is_handed_to_its_owner_byte_for_byte_with_the_actors_name(string method, string target, string owner, string? body)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Accounts.Routes[$"GET /internal/accounts/{Id}"] = context => AdaptersStandIn.JsonAsync(context, "{}");
        StandIn standIn = owner switch { "adapters" => edge.Siblings.Adapters, "billing" => edge.Siblings.Billing, "moderation" => edge.Siblings.Moderation, _ => edge.Siblings.Accounts };
        standIn.Routes[$"{method} {target.Split('?')[0]}"] = async context =>
        {
            context.Response.StatusCode = 409;
            context.Response.ContentType = "application/problem+json";
            context.Response.Headers["x-secret"] = "inner";
            await context.Response.Body.WriteAsync("""{"title":"ü"}"""u8.ToArray());
        };
        using var answer = await edge.AdminAsync(new HttpMethod(method), target, Edge.OtherAdminKey, body is null ? null : Edge.Json(body), headers =>
        {
            headers.Add("Idempotency-Key", "k-1");
            headers.Add(CallHeaders.Actor, "mallory");
        });
        Assert.Equal((409, "application/problem+json", """{"title":"ü"}""", null), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.TextAsync(), answer.Header("x-secret")));

        var asked = standIn.Requests.Single(asked => asked.Target == Uri.UnescapeDataString(target) || asked.Target == target);
        Assert.Equal((method, body ?? "", "bob", "k-1", false), (asked.Method, asked.Text, asked.Headers[CallHeaders.Actor], asked.Headers["Idempotency-Key"], asked.Headers.ContainsKey("Authorization")));
    }

    [Theory]
    [InlineData("points")]
    [InlineData("forfeiture")]
    public async Task Points_of_an_account_that_does_not_exist_are_not_found_and_reach_no_ledger(string movement)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Accounts.Routes[$"GET /internal/accounts/{Id}"] = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        using var answer = await edge.AdminAsync(HttpMethod.Post, $"/admin/accounts/{Id}/{movement}", content: Edge.Json("""{"micropoints":1,"reason":"r"}"""));
        await answer.AssertProblemAsync(404, "not-found", $"There is no account {Id}.");
        Assert.Empty(edge.Siblings.Billing.Requests);
    }

    [Theory]
    [InlineData("GET", "/finance/statements?month=2026-11", null)]
    [InlineData("GET", "/finance/export?from=2026-11-01&format=csv", null)]
    [InlineData("GET", "/finance/reconciliation?from=2026-11-01&to=2026-11-30", null)]
    [InlineData("PUT", "/finance/provider-usage", "channelId,day,inputTokens,outputTokens,source\r\n")]
    public async Task Finance_reaches_Billing_as_finance(string method, string target, string? body)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Routes[$"{method} {target.Split('?')[0]}"] = context => AdaptersStandIn.JsonAsync(context, "{}");
        using var answer = await edge.AdminAsync(new HttpMethod(method), target, Edge.FinanceKey, body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "text/csv"));
        Assert.Equal((200, "{}"), ((int)answer.StatusCode, await answer.TextAsync()));
        var asked = edge.Siblings.Billing.Requests.Single(asked => asked.Target == target);
        Assert.Equal(("finance", body ?? ""), (asked.Headers[CallHeaders.Actor], asked.Text));
        if (body is not null) Assert.Equal("text/csv; charset=utf-8", asked.Headers["Content-Type"]);
    }

    [Fact]
    public async Task An_export_that_breaks_off_never_ends_cleanly()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Routes["GET /finance/export"] = async context =>
        {
            context.Response.ContentType = "text/csv; charset=utf-8";
            await context.Response.BodyWriter.WriteAsync("seq\r\n1\r\n"u8.ToArray());
            throw new InvalidOperationException("The database is gone.");
        };
        using var answer = await edge.AdminAsync(HttpMethod.Get, "/finance/export?from=2026-11-01", Edge.FinanceKey);
        Assert.Equal(200, (int)answer.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Finance_reads_events_as_finance()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Routes["GET /finance/events"] = context => AdaptersStandIn.JsonAsync(context, """{"events":[],"next":7}""");
        using var answer = await edge.AdminAsync(HttpMethod.Get, "/finance/events?after=7&limit=10", Edge.FinanceKey);
        Assert.Equal((200, """{"events":[],"next":7}"""), ((int)answer.StatusCode, await answer.TextAsync()));
        var asked = edge.Siblings.Billing.Requests.Single(asked => asked.Target == "/finance/events?after=7&limit=10");
        Assert.Equal("finance", asked.Headers[CallHeaders.Actor]);
    }

    [Fact]
    public async Task A_long_answer_flows_through_as_it_is_made()
    {
        await using var edge = await Edge.StartAsync();
        var seen = new SemaphoreSlim(0);
        edge.Siblings.Billing.Routes["GET /finance/events"] = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.BodyWriter.WriteAsync("{\"events\":["u8.ToArray());
            await seen.WaitAsync();
            await context.Response.BodyWriter.WriteAsync("],\"next\":0}"u8.ToArray());
        };
        using var answer = await edge.AdminAsync(HttpMethod.Get, "/finance/events", Edge.FinanceKey);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[11]);
        seen.Release();
        using var rest = new StreamReader(stream);
        Assert.Equal("],\"next\":0}", await rest.ReadToEndAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_owner_that_is_away_or_does_not_trust_us_is_503(bool isDown)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Routes["GET /admin/channels"] = context =>
        {
            if (isDown) context.Abort();
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        };
        using var answer = await edge.AdminAsync(HttpMethod.Get, "/admin/channels");
        await answer.AssertProblemAsync(503, "unavailable", "A part of the service does not answer. Nothing is lost; try again in a second.");
    }

    [Fact]
    public async Task An_owners_bare_405_stays_as_it_is()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Routes["GET /admin/channels"] = context =>
        {
            context.Response.StatusCode = 405;
            return Task.CompletedTask;
        };
        using var answer = await edge.AdminAsync(HttpMethod.Get, "/admin/channels");
        Assert.Equal((405, ""), ((int)answer.StatusCode, await answer.TextAsync()));
    }

    [Fact]
    public async Task A_body_above_the_limit_is_413()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.AdminAsync(HttpMethod.Put, "/admin/prices", content: Edge.Json(new string(' ', (32 * 1024 * 1024) + 1)));
        Assert.Equal(413, (int)answer.StatusCode);
    }
}
