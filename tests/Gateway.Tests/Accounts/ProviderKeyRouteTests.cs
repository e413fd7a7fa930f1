using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Accounts;

public sealed class ProviderKeyRouteTests
{
    private const string Id = "01930000-0000-7000-8000-000000000001";
    private const string NewKey = """{"provider":"openai","name":"n","credential":"sk-own-marker-1234"}""";

    public static TheoryData<string, string, string?> Routes => new()
    {
        { "GET", "/api/provider-keys?limit=2", null },
        { "POST", "/api/provider-keys", NewKey },
        { "PATCH", $"/api/provider-keys/{Id}", """{"state":"disabled"}""" },
        { "DELETE", $"/api/provider-keys/{Id}", null },
        { "POST", $"/api/provider-keys/{Id}/test", """{"model":"m"}""" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task ProviderAdapters_is_asked_in_the_name_of_the_callers_account_whatever_the_caller_says(string method, string target, string? body)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        edge.Siblings.Adapters.Routes[$"{method} {target.Split('?')[0]}"] = context => AdaptersStandIn.JsonAsync(context, """{"id":"1"}""");

        using var answer = await edge.SendAsync(
            new HttpMethod(method), target, customer.Key, body is null ? null : Edge.Json(body), headers => headers.Add(CallHeaders.AccountId, Guid.Empty.ToString()));

        Assert.Equal((200, """{"id":"1"}"""), ((int)answer.StatusCode, await answer.TextAsync()));
        var asked = edge.Siblings.Adapters.Requests.Single(asked => asked.Target == target);
        Assert.Equal((body ?? "", customer.Principal.AccountId.ToString(), false), (asked.Text, asked.Headers[CallHeaders.AccountId], asked.Headers.ContainsKey("Authorization")));
        Assert.DoesNotContain("sk-own-marker", edge.Logs.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_key_with_the_account_scope_is_needed_and_while_suspended_one_may_only_look_and_delete(string method, string target, string? body)
    {
        await using var edge = await Edge.StartAsync();
        var suspended = edge.Customer(p => p with { Standing = new Standing { State = "suspended" } });
        using var none = await SendAsync(null);
        using var scope = await SendAsync(edge.Customer(p => p with { Scopes = ["inference"] }).Key);
        await none.AssertProblemAsync(401, "unauthenticated", "Send your key as 'Authorization: Bearer AIGC2D-…'.");
        await scope.AssertProblemAsync(403, "scope-missing", "This key lacks the scope 'account'.");
        Assert.Empty(edge.Siblings.Adapters.Requests);

        using var answer = await SendAsync(suspended.Key);
        if (method is "GET" or "DELETE") Assert.Equal((404, 1), ((int)answer.StatusCode, edge.Siblings.Adapters.Requests.Count));
        else await answer.AssertProblemAsync(403, "account-suspended", "Your account is suspended.");

        Task<HttpResponseMessage> SendAsync(string? key) => edge.SendAsync(new HttpMethod(method), target, key, body is null ? null : Edge.Json(body));
    }
}
