using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Accounts;

public sealed class RedemptionTests
{
    private const string Route = "POST /api/redemptions";
    private const string Code = """{"code":"ABCDE-FGHJK-MNPQR-STVWX"}""";

    [Fact]
    public async Task A_code_is_redeemed_by_Billing_for_the_account_that_the_edge_names()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        edge.Siblings.Billing.Routes[Route] = context => AdaptersStandIn.JsonAsync(context, """{"micropoints":5,"balanceMicropoints":7}""");

        using var answer = await edge.SendAsync(
            HttpMethod.Post, "/api/redemptions", customer.Key, Edge.Json(Code), headers => headers.Add(CallHeaders.AccountId, Guid.Empty.ToString()));

        Assert.Equal((200, """{"micropoints":5,"balanceMicropoints":7}"""), ((int)answer.StatusCode, await answer.TextAsync()));
        var asked = edge.Siblings.Billing.Requests.Single(asked => asked.Target == "/api/redemptions");
        Assert.Equal((Code, customer.Principal.AccountId.ToString(), false), (asked.Text, asked.Headers[CallHeaders.AccountId], asked.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task How_long_to_wait_after_too_many_failures_comes_through()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Routes[Route] = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3599";
            return Task.CompletedTask;
        };

        using var answer = await edge.SendAsync(HttpMethod.Post, "/api/redemptions", edge.Customer().Key, Edge.Json(Code));

        Assert.Equal((429, "3599"), ((int)answer.StatusCode, answer.Header("Retry-After")));
    }

    [Fact]
    public async Task A_code_needs_a_key_with_the_account_scope_and_an_account_in_good_standing()
    {
        await using var edge = await Edge.StartAsync();
        using var none = await edge.SendAsync(HttpMethod.Post, "/api/redemptions", null, Edge.Json(Code));
        using var scope = await edge.SendAsync(HttpMethod.Post, "/api/redemptions", edge.Customer(p => p with { Scopes = ["inference"] }).Key, Edge.Json(Code));
        using var suspended = await edge.SendAsync(
            HttpMethod.Post, "/api/redemptions", edge.Customer(p => p with { Standing = new Standing { State = "suspended" } }).Key, Edge.Json(Code));

        await none.AssertProblemAsync(401, "unauthenticated", "Send your key as 'Authorization: Bearer AIGC2D-…'.");
        await scope.AssertProblemAsync(403, "scope-missing", "This key lacks the scope 'account'.");
        await suspended.AssertProblemAsync(403, "account-suspended", "Your account is suspended.");
        Assert.DoesNotContain(edge.Siblings.Billing.Requests, asked => asked.Target == "/api/redemptions");
    }
}
