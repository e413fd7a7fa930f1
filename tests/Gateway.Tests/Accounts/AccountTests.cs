using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Accounts;

public sealed class AccountTests
{
    private const string Known = """{"id":"a","email":null,"standing":{"state":"active","until":null,"reason":null},"plan":"free"}""";

    [Fact]
    public async Task An_account_is_who_it_is_and_what_it_owns()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer(p => p with { Standing = new Standing { State = "suspended" } });
        edge.Siblings.Accounts.Routes[$"GET /internal/accounts/{customer.Principal.AccountId}"] = context => AdaptersStandIn.JsonAsync(context, Known);
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/account", customer.Key);
        Assert.Equal(
            (200, $$"""{{Known[..^1]}},"balanceMicropoints":10,"heldMicropoints":3,"availableMicropoints":7,"sealedMicropoints":0}"""),
            ((int)answer.StatusCode, await answer.TextAsync()));
    }

    [Fact]
    public async Task Without_its_owner_an_account_is_503()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        edge.Siblings.Accounts.Routes[$"GET /internal/accounts/{customer.Principal.AccountId}"] = context => { context.Abort(); return Task.CompletedTask; };
        using var answer = await edge.SendAsync(HttpMethod.Get, "/api/account", customer.Key);
        await answer.AssertProblemAsync(503, "unavailable", "A part of the service does not answer. Nothing is lost; try again in a second.");
        Assert.Equal("1", answer.Header("Retry-After"));
    }

    [Theory]
    [InlineData("GET", "/api/account")]
    [InlineData("GET", "/api/keys")]
    [InlineData("GET", "/api/charges/01930000-0000-7000-8000-000000000001")]
    [InlineData("DELETE", "/api/keys/01930000-0000-7000-8000-000000000001")]
    [InlineData("GET", "/api/statements")]
    [InlineData("GET", "/api/statements/2026-11")]
    [InlineData("GET", "/api/usage")]
    public async Task Self_service_needs_a_key_with_its_scope(string method, string path)
    {
        await using var edge = await Edge.StartAsync();
        using var none = await edge.SendAsync(new HttpMethod(method), path, null);
        using var unknown = await edge.SendAsync(new HttpMethod(method), path, "AIGC2D-2f68dbbf-519d-4f01-9636-e2421b68f379");
        using var other = await edge.SendAsync(new HttpMethod(method), path, edge.Customer(p => p with { Scopes = ["inference"] }).Key);
        await none.AssertProblemAsync(401, "unauthenticated", "Send your key as 'Authorization: Bearer AIGC2D-…'.");
        await unknown.AssertProblemAsync(401, "unauthenticated", "The key is incomplete, unknown, revoked or expired.");
        await other.AssertProblemAsync(403, "scope-missing", "This key lacks the scope 'account'.");
        Assert.DoesNotContain(edge.Siblings.Accounts.Requests.Concat(edge.Siblings.Billing.Requests), asked => asked.Target.StartsWith("/api", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/api/keys?limit=2", null)]
    [InlineData("POST", "/api/keys", """{"name":"n"}""")]
    [InlineData("DELETE", "/api/keys/01930000-0000-7000-8000-000000000001", null)]
    public async Task Keys_are_managed_by_Accounts_for_the_account_that_the_edge_names(string method, string path, string? body)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        edge.Siblings.Accounts.Routes[$"{method} {path.Split('?')[0]}"] = async context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = "/api/keys/1";
            await AdaptersStandIn.JsonAsync(context, """{"done":true}""");
        };
        using var answer = await edge.SendAsync(
            new HttpMethod(method), path, customer.Key, body is null ? null : Edge.Json(body), headers => headers.Add(CallHeaders.AccountId, Guid.Empty.ToString()));
        Assert.Equal((201, "/api/keys/1", """{"done":true}"""), ((int)answer.StatusCode, answer.Header("Location"), await answer.TextAsync()));

        var asked = edge.Siblings.Accounts.Requests.Single(asked => asked.Target == path);
        Assert.Equal(
            (body ?? "", customer.Principal.AccountId.ToString(), customer.Principal.KeyId.ToString(), false),
            (asked.Text, asked.Headers[CallHeaders.AccountId], asked.Headers[CallHeaders.KeyId], asked.Headers.ContainsKey("Authorization")));
    }

    [Theory]
    [InlineData("/api/keys/..")]
    [InlineData("/api/keys/%2e%2e")]
    [InlineData("/api/keys/%252e%252e")]
    [InlineData("/api/keys/..%2f..%2finternal%2fchanges")]
    [InlineData("/api/keys/1")]
    public async Task No_path_climbs_out_of_its_route(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(edge.Public.BaseAddress!.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add("x-api-key", edge.Customer().Key);
        using var answer = await edge.Public.SendAsync(request);
        await answer.AssertProblemAsync(404, "not-found", "There is no such route for DELETE.");
    }
}
