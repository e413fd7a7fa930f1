using System.IO.Compression;
using System.Text.RegularExpressions;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.OpenApi;

/// <summary><c>GET /docs</c>: the page and its files come from here and ask nobody else.</summary>
public sealed partial class DocsTests
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    [Fact]
    public async Task The_page_comes_with_a_strict_policy()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.Public.GetAsync("/docs");
        Assert.Equal(
            (200, "text/html; charset=utf-8", Policy, "nosniff", "no-referrer", "no-cache"),
            ((int)answer.StatusCode, answer.Header("Content-Type"), answer.Header("Content-Security-Policy"), answer.Header("X-Content-Type-Options"), answer.Header("Referrer-Policy"), answer.Header("Cache-Control")));

        var page = await answer.TextAsync();
        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineScript(), page);
    }

    [Fact]
    public async Task Calls_may_go_to_the_address_that_the_document_names()
    {
        await using var edge = await Edge.StartAsync(settings: new Dictionary<string, string?> { ["Public:Url"] = "https://api.example.org/base/" });
        using var answer = await edge.Public.GetAsync("/docs");
        Assert.Equal(Policy.Replace("connect-src 'self'", "connect-src 'self' https://api.example.org", StringComparison.Ordinal), answer.Header("Content-Security-Policy"));
    }

    [Fact]
    public async Task Everything_that_the_page_loads_is_here()
    {
        await using var edge = await Edge.StartAsync();
        var page = await edge.Public.GetStringAsync("/docs");
        var files = Link().Matches(page).Select(link => link.Groups[1].Value).ToArray();
        Assert.Equal(["/docs/favicon-32x32.png", "/docs/page.css", "/docs/page.js", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/openapi.json"], files.Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            using var answer = await edge.Public.GetAsync(file);
            Assert.Equal((200, TypeOf(file)), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 20, file);
        }
    }

    [Fact]
    public async Task What_is_ours_and_the_styles_name_no_other_host()
    {
        await using var edge = await Edge.StartAsync();
        foreach (var file in new[] { "/docs", "/docs/page.js", "/docs/page.css" })
            Assert.DoesNotContain("//", Comment().Replace(await edge.Public.GetStringAsync(file), ""), StringComparison.Ordinal);

        var styles = await edge.Public.GetStringAsync("/docs/swagger-ui.css");
        Assert.All(StyleAddress().Matches(styles), address => Assert.StartsWith("data:", address.Groups[1].Value.Trim('"', '\''), StringComparison.Ordinal));
        Assert.DoesNotContain("@import", styles, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_come_zipped_to_who_takes_that_and_once_only()
    {
        await using var edge = await Edge.StartAsync();
        using var plain = await edge.Public.GetAsync("/docs/swagger-ui.css");
        using var zipped = await edge.SendAsync(HttpMethod.Get, "/docs/swagger-ui.css", null, null, headers => headers.AcceptEncoding.ParseAdd("br, gzip;q=0.5"));
        using var refused = await edge.SendAsync(HttpMethod.Get, "/docs/swagger-ui.css", null, null, headers => headers.AcceptEncoding.ParseAdd("gzip;q=0"));
        Assert.Equal((null, "gzip", null), (plain.Header("Content-Encoding"), zipped.Header("Content-Encoding"), refused.Header("Content-Encoding")));
        Assert.Equal("Accept-Encoding", zipped.Header("Vary"));
        Assert.NotEqual(plain.Headers.ETag, zipped.Headers.ETag);

        await using var unzipped = new GZipStream(await zipped.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        Assert.Equal(await plain.TextAsync(), await reader.ReadToEndAsync());

        using var again = await edge.SendAsync(HttpMethod.Get, "/docs/swagger-ui.css", null, null, headers => headers.IfNoneMatch.Add(plain.Headers.ETag!));
        Assert.Equal(304, (int)again.StatusCode);
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/docs/swagger-ui.js")]
    [InlineData("/docs/../openapi.yaml")]
    [InlineData("/docs/Document/about.yaml")]
    public async Task Nothing_else_of_the_package_or_of_ours_is_served(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, path, null);
        await answer.AssertProblemAsync(404, "not-found", "There is no such route for GET.");
    }

    [Theory]
    [InlineData("/openapi.json")]
    [InlineData("/docs")]
    [InlineData("/docs/swagger-ui-bundle.js")]
    public async Task Nothing_of_it_is_on_the_admin_listener(string path)
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.AdminAsync(HttpMethod.Get, path);
        await answer.AssertProblemAsync(404, "not-found", "There is no such route for GET.");
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".js" => "text/javascript",
        ".css" => "text/css",
        ".json" => "application/json",
        var other => $"image{other.Replace('.', '/')}",
    };

    [GeneratedRegex("""(?:src|href)="([^"]+)""")]
    private static partial Regex Link();

    [GeneratedRegex("<script(?! src=)|\\son[a-z]+=|style=")]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"url\(([^)]+)\)")]
    private static partial Regex StyleAddress();

    [GeneratedRegex("^ *// .*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
