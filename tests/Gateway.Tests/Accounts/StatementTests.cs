using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Accounts;

public sealed class StatementTests
{
    [Theory]
    [InlineData("/api/statements?limit=2&after=2026-11")]
    [InlineData("/api/statements/2026-11?format=csv")]
    [InlineData("/api/statements/not-a-month")]
    [InlineData("/api/usage?from=2026-11-01&model=gpt-4o-mini")]
    public async Task Billing_answers_for_the_account_that_the_edge_names_also_when_it_is_suspended(string path)
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer(p => p with { Standing = new Standing { State = "suspended" } });
        edge.Siblings.Billing.Routes[$"GET {path.Split('?')[0]}"] = async context =>
        {
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = "attachment; filename=\"statement-2026-11.csv\"";
            await context.Response.Body.WriteAsync("a,b\r\n"u8.ToArray());
        };
        using var answer = await edge.SendAsync(HttpMethod.Get, path, customer.Key, headers: headers =>
        {
            headers.Add(CallHeaders.AccountId, Guid.Empty.ToString());
            headers.Add("Accept", "text/csv");
        });

        Assert.Equal(
            (200, "text/csv; charset=utf-8", "attachment; filename=\"statement-2026-11.csv\"", "a,b\r\n"),
            ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), answer.Header("Content-Disposition"), await answer.TextAsync()));
        var asked = edge.Siblings.Billing.Requests.Single(asked => asked.Target == path);
        Assert.Equal((customer.Principal.AccountId.ToString(), "text/csv"), (asked.Headers[CallHeaders.AccountId], asked.Headers["Accept"]));
    }

    [Theory]
    [InlineData("/api/statements/..")]
    [InlineData("/api/statements/%2e%2e%2fusage")]
    [InlineData("/api/statements/2026%2f11")]
    public async Task No_path_climbs_out_of_its_route(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Public.BaseAddress!.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add("x-api-key", edge.Customer().Key);
        using var answer = await edge.Public.SendAsync(request);
        await answer.AssertProblemAsync(404, "not-found", "There is no such route for GET.");
    }
}
