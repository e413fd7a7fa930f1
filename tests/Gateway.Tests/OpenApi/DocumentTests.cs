using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aigc2d.Gateway.Listeners;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.OpenApi;

/// <summary><c>GET /openapi.json</c>: true, valid, and for everybody.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public async Task The_document_is_valid_and_so_is_every_example_in_it()
    {
        await using var edge = await Edge.StartAsync();
        var seen = await CheckAsync(await edge.Public.GetStringAsync("/openapi.json"));
        Assert.Equal("", string.Join('\n', seen.GetProperty("faults").EnumerateArray()));
        Assert.True(seen.GetProperty("examples").GetInt32() > 100, seen.GetRawText());
    }

    [Fact]
    public async Task Every_public_route_is_in_the_document_and_no_other()
    {
        await using var edge = await Edge.StartAsync();
        var routes = edge.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<PublicRoute>() is not null && !IsFileOfThePage(route))
            .SelectMany(route => route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => $"{method} {Constraint().Replace(route.RoutePattern.RawText!, "{$1}")}"));
        var document = await DocumentAsync(edge);
        var documented = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(routes.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Anybody_may_read_it_and_read_it_again_only_when_it_has_changed()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.Public.GetAsync("/openapi.json");
        Assert.Equal((200, "application/json", "public, max-age=300"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), answer.Header("Cache-Control")));

        using var again = await edge.SendAsync(HttpMethod.Get, "/openapi.json", null, null, headers => headers.IfNoneMatch.Add(answer.Headers.ETag!));
        Assert.Equal((304, 0, answer.Headers.ETag), ((int)again.StatusCode, (await again.TextAsync()).Length, again.Headers.ETag));
    }

    [Fact]
    public async Task It_names_the_address_that_was_called()
    {
        await using var edge = await Edge.StartAsync();
        using var here = await edge.Public.GetAsync("/openapi.json");
        using var elsewhere = await edge.SendAsync(HttpMethod.Get, "/openapi.json", null, null, headers => headers.Host = "backup.example.org");
        Assert.Equal(edge.Public.BaseAddress!.ToString().TrimEnd('/'), await ServerOfAsync(here));
        Assert.Equal("http://backup.example.org", await ServerOfAsync(elsewhere));
        Assert.NotEqual(here.Headers.ETag, elsewhere.Headers.ETag);
    }

    [Fact]
    public async Task It_names_the_address_that_the_deployment_configures()
    {
        await using var edge = await Edge.StartAsync(settings: new Dictionary<string, string?> { ["Public:Url"] = "https://api.example.org/" });
        using var answer = await edge.Public.GetAsync("/openapi.json");
        Assert.Equal("https://api.example.org", await ServerOfAsync(answer));
    }

    private static bool IsFileOfThePage(RouteEndpoint route) => route.RoutePattern.RawText!.StartsWith("/docs/", StringComparison.Ordinal);

    private static async Task<JsonElement> DocumentAsync(Edge edge) => JsonDocument.Parse(await edge.Public.GetStringAsync("/openapi.json")).RootElement;

    private static async Task<string?> ServerOfAsync(HttpResponseMessage answer) =>
        Assert.Single(JsonDocument.Parse(await answer.TextAsync()).RootElement.GetProperty("servers").EnumerateArray()).GetProperty("url").GetString();

    private static async Task<JsonElement> CheckAsync(string document)
    {
        var start = new ProcessStartInfo("node", ["document.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests/Gateway.Tests/clients"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(document);
        node.StandardInput.Close();
        var seen = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return JsonDocument.Parse(seen).RootElement;
    }

    // A parameter with its rules; braces within them are doubled.
    [GeneratedRegex(@"\{(\w+):(?:[^{}]|\{\{|\}\})*\}")]
    private static partial Regex Constraint();
}
