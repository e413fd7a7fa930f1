using Aigc2d.Contracts;
using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Charges;

public sealed class ChargeRouteTests
{
    private const string RequestId = "01930000-0000-7000-8000-000000000001";

    [Fact]
    public async Task A_charge_is_asked_for_in_the_name_of_the_callers_account_even_while_suspended()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer(p => p with { Standing = new Standing { State = "suspended" } });
        edge.Siblings.Billing.Routes[$"GET /api/charges/{RequestId}"] = context => AdaptersStandIn.JsonAsync(context, """{"totalMicropoints":138000}""");
        using var answer = await edge.SendAsync(HttpMethod.Get, $"/api/charges/{RequestId}", customer.Key, headers: headers => headers.Add(CallHeaders.AccountId, Guid.Empty.ToString()));
        Assert.Equal((200, """{"totalMicropoints":138000}"""), ((int)answer.StatusCode, await answer.TextAsync()));
        Assert.Equal(customer.Principal.AccountId.ToString(), edge.Siblings.Billing.Requests.Single().Headers[CallHeaders.AccountId]);
    }

    [Theory]
    [InlineData("/api/charges/1")]
    [InlineData("/api/charges/%2e%2e")]
    [InlineData("/api/charges/01930000-0000-7000-8000-000000000001%2f..")]
    public async Task Only_a_request_id_names_a_charge(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, path, edge.Customer().Key);
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Empty(edge.Siblings.Billing.Requests);
    }

    [Fact]
    public async Task Finance_reads_any_charge_with_its_own_key_only()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Routes[$"GET /finance/charges/{RequestId}"] = context => AdaptersStandIn.JsonAsync(context, "{}");
        using var finance = await edge.AdminAsync(HttpMethod.Get, $"/finance/charges/{RequestId}", Edge.FinanceKey);
        using var anybody = await edge.SendAsync(HttpMethod.Get, $"/finance/charges/{RequestId}", edge.Customer().Key);
        using var admin = await edge.AdminAsync(HttpMethod.Get, $"/finance/charges/{RequestId}");
        Assert.Equal((200, 404, 401), ((int)finance.StatusCode, (int)anybody.StatusCode, (int)admin.StatusCode));
        Assert.False(edge.Siblings.Billing.Requests.Single().Headers.ContainsKey(CallHeaders.AccountId));
    }
}
