using Aigc2d.Gateway.Edges;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.Gateway.OpenApi;

/// <summary><c>GET /openapi.json</c>: the OpenAPI document, for everybody.</summary>
internal static class ShowDocument
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/openapi.json", Handle);

    private static FileContentHttpResult Handle(HttpContext context, ApiDocument document, PublicAddress address)
    {
        var edition = document.For(address.Of(context.Request));
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Bytes(edition.Json, "application/json", entityTag: edition.Tag);
    }
}
