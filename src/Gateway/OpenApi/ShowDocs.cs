using System.IO.Compression;
using System.Reflection;
using Aigc2d.Gateway.Edges;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Aigc2d.Gateway.OpenApi;

/// <summary>
/// <c>GET /docs</c>: the OpenAPI document as a page to read and to try calls on. Its files are endpoints of their own, so that the listener's mark counts
/// for them too, and come from this process alone.
/// </summary>
internal static class ShowDocs
{
    private const string SwaggerUi = "Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/docs", HandlePage);
        MapFile(routes, "page.js", "text/javascript; charset=utf-8", typeof(ShowDocs).Assembly, "OpenApi.Page/page.js");
        MapFile(routes, "page.css", "text/css; charset=utf-8", typeof(ShowDocs).Assembly, "OpenApi.Page/page.css");
        MapFile(routes, "swagger-ui-bundle.js", "text/javascript; charset=utf-8");
        MapFile(routes, "swagger-ui.css", "text/css; charset=utf-8");
        MapFile(routes, "favicon-32x32.png", "image/png");
    }

    private static FileStreamHttpResult HandlePage(HttpContext context, PublicAddress address)
    {
        // Calls that are tried out go to the server that the document names.
        var called = address.Configured is { } configured && Uri.TryCreate(configured, UriKind.Absolute, out var url) ? $" {url.GetLeftPart(UriPartial.Authority)}" : "";
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'{called}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Answer(context, new(typeof(ShowDocs).Assembly, "OpenApi.Page/index.html", "text/html; charset=utf-8", IsZipped: false));
    }

    private static void MapFile(IEndpointRouteBuilder routes, string name, string type) => MapFile(routes, name, type, typeof(SwaggerUIOptions).Assembly, SwaggerUi + name);

    private static void MapFile(IEndpointRouteBuilder routes, string name, string type, Assembly home, string resource)
    {
        // The package keeps its files zipped.
        var file = new PageFile(home, resource, type, IsZipped: home == typeof(SwaggerUIOptions).Assembly);
        routes.MapGet($"/docs/{name}", (HttpContext context) => Answer(context, file)).ExcludeFromDescription();
    }

    private static FileStreamHttpResult Answer(HttpContext context, PageFile file)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        var source = file.Home.GetManifestResourceStream(file.Resource)!;
        var tag = file.Home.ManifestModule.ModuleVersionId;
        if (!file.IsZipped) return TypedResults.Stream(source, file.Type, entityTag: new($"\"{tag:N}\""));

        headers.Vary = "Accept-Encoding";
        if (!TakesGzip(context.Request)) return TypedResults.Stream(new GZipStream(source, CompressionMode.Decompress), file.Type, entityTag: new($"\"{tag:N}-plain\""));

        headers.ContentEncoding = "gzip";
        return TypedResults.Stream(source, file.Type, entityTag: new($"\"{tag:N}\""));
    }

    private static bool TakesGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var wanted) && wanted.Any(one => one.Value == "gzip" && one.Quality is null or > 0);

    /// <summary>A file of the page.</summary>
    /// <param name="Home">The assembly that carries it.</param>
    /// <param name="Resource">Its name there.</param>
    /// <param name="Type">Its media type.</param>
    /// <param name="IsZipped">Whether the assembly has it as gzip.</param>
    private sealed record PageFile(Assembly Home, string Resource, string Type, bool IsZipped);
}
