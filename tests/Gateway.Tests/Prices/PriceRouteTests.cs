using System.Text;
using Aigc2d.Contracts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Prices;

public sealed class PriceRouteTests
{
    [Theory]
    [InlineData("/api/prices?model=a%2Fb&limit=2")]
    [InlineData("/api/prices/gpt-4o-mini")]
    [InlineData("/api/prices/org%2Fmodel-1.5:free")]
    public async Task Anybody_reads_prices_without_a_key_and_may_cache_them(string target)
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Billing.Routes[$"GET {target.Split('?')[0]}"] = context =>
        {
            context.Response.Headers.CacheControl = "public, max-age=60";
            return AdaptersStandIn.JsonAsync(context, """{"items":[],"next":null}""");
        };
        using var answer = await edge.SendAsync(HttpMethod.Get, target, null, headers: headers => headers.Add(CallHeaders.AccountId, Guid.Empty.ToString()));
        Assert.Equal((200, """{"items":[],"next":null}""", "public, max-age=60"), ((int)answer.StatusCode, await answer.TextAsync(), answer.Header("Cache-Control")));
        Assert.False(edge.Siblings.Billing.Requests.Single().Headers.ContainsKey(CallHeaders.AccountId));
    }

    [Theory]
    [InlineData("/api/prices/..")]
    [InlineData("/api/prices/%2e%2e")]
    [InlineData("/api/prices/%252e%252e")]
    [InlineData("/api/prices/..%2f..%2finternal%2fprices%2fmodels")]
    [InlineData("/api/prices/a%2f..%2f..%2finternal")]
    [InlineData("/api/prices/a%252f..%252f..%252finternal")]
    public async Task No_model_name_climbs_out_of_its_route(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Public.BaseAddress!.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var answer = await edge.Public.SendAsync(request);
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Empty(edge.Siblings.Billing.Requests);
    }

    [Fact]
    public async Task An_operator_imports_and_exports_prices_as_CSV_byte_for_byte()
    {
        const string Csv = "model,inputMicropointsPer1k\r\n\"ü,\"\"\",6\r\n";
        await using var edge = await Edge.StartAsync();
        string? type = null;
        edge.Siblings.Billing.Routes["PUT /admin/prices"] = context =>
        {
            type = context.Request.ContentType;
            return AdaptersStandIn.JsonAsync(context, """{"priceVersion":17}""");
        };
        edge.Siblings.Billing.Routes["GET /admin/prices"] = async context =>
        {
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = "attachment; filename=\"prices.csv\"";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Csv));
        };

        using var put = await edge.AdminAsync(HttpMethod.Put, "/admin/prices", content: new StringContent(Csv, Encoding.UTF8, "text/csv"));
        using var get = await edge.AdminAsync(HttpMethod.Get, "/admin/prices?history=true", headers: headers => headers.Add("Accept", "text/csv"));

        var asked = edge.Siblings.Billing.Requests.ToArray();
        Assert.Equal((200, "text/csv; charset=utf-8", Csv), ((int)put.StatusCode, type, asked[0].Text));
        Assert.Equal(("/admin/prices?history=true", "text/csv"), (asked[1].Target, asked[1].Headers["Accept"]));
        Assert.Equal(
            ("text/csv; charset=utf-8", "attachment; filename=\"prices.csv\"", Csv),
            (get.Content.Headers.ContentType!.ToString(), get.Content.Headers.ContentDisposition!.ToString(), await get.TextAsync()));
    }

    [Fact]
    public async Task Prices_are_for_operators_to_change_only()
    {
        await using var edge = await Edge.StartAsync();
        using var put = await edge.SendAsync(HttpMethod.Put, "/api/prices", edge.Customer().Key, Edge.Json("[]"));
        using var admin = await edge.AdminAsync(HttpMethod.Put, "/admin/prices", Edge.FinanceKey, Edge.Json("[]"));
        Assert.Equal((405, 401), ((int)put.StatusCode, (int)admin.StatusCode));
        Assert.Empty(edge.Siblings.Billing.Requests);
    }
}
