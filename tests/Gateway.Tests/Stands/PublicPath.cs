using Aigc2d.Gateway.Listeners;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>A public route with its parameters filled in, read from the running gateway: what is added there is attacked here.</summary>
internal sealed record PublicPath(HttpMethod Method, string Path)
{
    private const string SomeId = "01930000-0000-7000-8000-000000000001";

    public bool TakesBody => Method == HttpMethod.Post || Method == HttpMethod.Put || Method == HttpMethod.Patch;

    /// <summary>Whether the route speaks a provider's dialect; the others are our own.</summary>
    public bool IsOfDialect => Path.StartsWith("/v1/", StringComparison.Ordinal);

    /// <summary>Whether errors on the route are spelt as Anthropic's clients expect them.</summary>
    public bool IsAnthropic => Path.StartsWith("/v1/messages", StringComparison.Ordinal) || Path == "/v1/complete";

    public static IReadOnlyList<PublicPath> Of(Edge edge) =>
    [
        .. from endpoint in edge.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<PublicRoute>() is not null
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select new PublicPath(new HttpMethod(method), Fill(endpoint.RoutePattern)),
    ];

    /// <summary>The routes that read a body in a provider's dialect.</summary>
    public static IReadOnlyList<PublicPath> OfDialects(Edge edge) => [.. Of(edge).Where(path => path.TakesBody && path.IsOfDialect)];

    public override string ToString() => $"{Method} {Path}";

    private static string Fill(RoutePattern pattern) =>
        "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part is RoutePatternParameterPart parameter ? ValueOf(parameter) : ((RoutePatternLiteralPart)part).Content))));

    private static string ValueOf(RoutePatternParameterPart parameter)
    {
        if (parameter.ParameterPolicies.Any(policy => policy.Content == "guid")) return SomeId;
        return parameter.Name == "month" ? "2026-01" : "gpt-4o-mini";
    }
}
