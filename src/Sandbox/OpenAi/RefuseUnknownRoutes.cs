using Aigc2d.Sandbox.Anthropic;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>What nobody serves is not found, in the dialect of who asks.</summary>
public static class RefuseUnknownRoutes
{
    private static readonly IDialect OpenAi = new OpenAiDialect();
    private static readonly IDialect Anthropic = new AnthropicDialect();

    public static void MapRefuseUnknownRoutes(this IEndpointRouteBuilder routes) => routes.MapFallback(http =>
    {
        var refused = new RequestRefusedException($"Unknown request URL: {http.Request.Method} {http.Request.Path}.") { Status = 404, Code = "unknown_url" };
        var dialect = AnthropicDialect.IsAsked(http.Request) ? Anthropic : OpenAi;
        dialect.WriteHeaders(http, new());
        return dialect.Refuse(http, refused).ExecuteAsync(http);
    });
}
