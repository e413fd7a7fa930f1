using System.Text.RegularExpressions;
using Aigc2d.Contracts;
using Aigc2d.Gateway.Listeners;
using Aigc2d.Gateway.Tests.Stands;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Admin;

/// <summary>Generated from the route list: a route that is added is tested with the others.</summary>
public sealed partial class IsolationTests
{
    private const string SomeId = "01930000-0000-7000-8000-000000000001";
    private const string NeedsKey = "Send the key of this part of the admin listener as 'Authorization: Bearer …'.";

    [Fact]
    public async Task Every_admin_route_is_closed_to_everybody_but_its_key()
    {
        await using var edge = await Edge.StartAsync();
        var user = edge.Customer();
        var routes = Routes<AdminRoute>(edge);
        Assert.True(routes.Count > 12, $"only {routes.Count} admin routes");
        foreach (var (method, path) in routes)
        {
            var wrong = path.StartsWith("/finance", StringComparison.Ordinal) ? Edge.AdminKey : Edge.FinanceKey;
            foreach (var key in new[] { null, user.Key, wrong, "", Edge.AdminKey + "x" })
            {
                using var answer = await edge.AdminAsync(method, path, key);
                await answer.AssertProblemAsync(401, "unauthenticated", NeedsKey);
            }

            using var userKeyElsewhere = await edge.AdminAsync(method, path, null, headers: headers => headers.Add("x-api-key", user.Key));
            await userKeyElsewhere.AssertProblemAsync(401, "unauthenticated", NeedsKey);
        }

        AssertNobodyWasAsked(edge);
    }

    [Fact]
    public async Task No_admin_route_exists_on_the_public_port_whatever_the_host_header_says()
    {
        await using var edge = await Edge.StartAsync();
        var user = edge.Customer();
        string?[] hosts = [null, $"127.0.0.1:{edge.Admin.BaseAddress!.Port}", $"localhost:{edge.Admin.BaseAddress.Port}"];
        foreach (var (method, path) in Routes<AdminRoute>(edge))
        {
            foreach (var host in hosts)
            {
                foreach (var key in new[] { Edge.AdminKey, Edge.FinanceKey, user.Key, null })
                {
                    using var answer = await edge.SendAsync(method, path, key, null, headers =>
                    {
                        headers.Host = host;
                        headers.Add("X-Forwarded-Host", $"127.0.0.1:{edge.Admin.BaseAddress.Port}");
                        headers.Add("X-Forwarded-Port", $"{edge.Admin.BaseAddress.Port}");
                    });
                    await answer.AssertProblemAsync(404, "not-found", $"There is no such route for {method}.");
                }
            }
        }

        AssertNobodyWasAsked(edge);
    }

    [Theory]
    [InlineData("PUT", "/admin/accounts")]
    [InlineData("GET", "/ADMIN/Channels")]
    [InlineData("GET", "//admin/channels")]
    [InlineData("GET", "/admin")]
    [InlineData("POST", "/finance/events")]
    [InlineData("GET", "/health/../admin/channels")]
    public async Task No_spelling_of_an_admin_path_is_anything_but_404_on_the_public_port(string method, string path)
    {
        await using var edge = await Edge.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(edge.Public.BaseAddress!.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add("Authorization", $"Bearer {Edge.AdminKey}");
        using var answer = await edge.Public.SendAsync(request);
        await answer.AssertProblemAsync(404, "not-found", $"There is no such route for {method}.");
    }

    [Fact]
    public async Task No_public_route_exists_on_the_admin_port()
    {
        await using var edge = await Edge.StartAsync();
        var user = edge.Customer();
        foreach (var (method, path) in Routes<PublicRoute>(edge))
        {
            using var asUser = await edge.AdminAsync(method, path, user.Key);
            using var asOperator = await edge.AdminAsync(method, path, headers: headers => headers.Add("x-api-key", user.Key));
            await asUser.AssertProblemAsync(401, "unauthenticated", NeedsKey);
            Assert.Equal(404, (int)asOperator.StatusCode);
        }

        AssertNobodyWasAsked(edge);
    }

    [Fact]
    public async Task Every_self_service_route_with_an_id_asks_for_it_in_the_callers_name_alone_and_passes_on_that_it_is_not_theirs()
    {
        await using var edge = await Edge.StartAsync();
        var user = edge.Customer();
        var routes = Routes<PublicRoute>(edge).Where(route => route.Path.StartsWith("/api/", StringComparison.Ordinal) && route.Path.Contains(SomeId, StringComparison.Ordinal)).ToList();
        Assert.True(routes.Count >= 5, $"only {routes.Count} routes with an id");
        foreach (var (method, path) in routes)
        {
            using var content = method == HttpMethod.Get || method == HttpMethod.Delete ? null : Edge.Json("{}");
            using var answer = await edge.SendAsync(method, path, user.Key, content, headers => headers.Add(CallHeaders.AccountId, SomeId));
            StandIn[] all = [edge.Siblings.Accounts, edge.Siblings.Billing, edge.Siblings.Adapters, edge.Siblings.Moderation];
            var asked = Assert.Single(all.SelectMany(standIn => standIn.Requests), asked => (asked.Method, asked.Target) == (method.Method, path));
            Assert.Equal((404, user.Principal.AccountId.ToString()), ((int)answer.StatusCode, asked.Headers[CallHeaders.AccountId]));
        }
    }

    [Fact]
    public async Task Every_route_belongs_to_exactly_one_listener_but_health_to_both()
    {
        await using var edge = await Edge.StartAsync();
        var unmarked = edge.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => (route.Metadata.GetMetadata<PublicRoute>() is null) == (route.Metadata.GetMetadata<AdminRoute>() is null))
            .Select(route => route.RoutePattern.RawText!);
        Assert.Equal(["/alive", "/health"], unmarked.Order(StringComparer.Ordinal));
        foreach (var client in new[] { edge.Public, edge.Admin })
        {
            foreach (var path in new[] { "/health", "/alive" })
            {
                using var answer = await client.GetAsync(path);
                Assert.Equal((200, "Healthy"), ((int)answer.StatusCode, await answer.TextAsync()));
            }
        }
    }

    [Fact]
    public async Task On_the_admin_port_the_right_key_learns_what_is_missing()
    {
        await using var edge = await Edge.StartAsync();
        using var unknown = await edge.AdminAsync(HttpMethod.Get, "/admin/unheard-of");
        using var wrongMethod = await edge.AdminAsync(HttpMethod.Put, "/admin/channels");
        using var finance = await edge.AdminAsync(HttpMethod.Get, "/finance/unheard-of", Edge.FinanceKey);
        await unknown.AssertProblemAsync(404, "not-found", "There is no such route for GET.");
        await wrongMethod.AssertProblemAsync(405, "method-not-allowed", "This route does not accept PUT.");
        await finance.AssertProblemAsync(404, "not-found", "There is no such route for GET.");
    }

    [Fact]
    public async Task Two_bearers_are_nobody()
    {
        await using var edge = await Edge.StartAsync();
        var answer = await RawRequest.SendAsync(
            edge.Admin.BaseAddress!,
            $"GET /admin/channels HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {Edge.AdminKey}\r\nAuthorization: Bearer {Edge.OtherAdminKey}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
    }

    private static List<(HttpMethod Method, string Path)> Routes<TMark>(Edge edge)
        where TMark : class =>
    [
        .. from endpoint in edge.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<TMark>() is not null
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select (new HttpMethod(method), Parameter().Replace(endpoint.RoutePattern.RawText!, SomeId)),
    ];

    private static void AssertNobodyWasAsked(Edge edge)
    {
        StandIn[] all = [edge.Siblings.Accounts, edge.Siblings.Billing, edge.Siblings.Adapters, edge.Siblings.Moderation];
        Assert.Equal("", string.Join(' ', all.SelectMany(standIn => standIn.Requests).Select(asked => asked.Target).Where(target => target != "/internal/changes")));
    }

    [GeneratedRegex(@"\{(?:id|requestId)[^}]*(\}\}[^}]*)*\}")]
    private static partial Regex Parameter();
}
