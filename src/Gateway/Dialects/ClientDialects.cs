using Aigc2d.Gateway.Dialects.Anthropic;
using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Dialects;

/// <summary>Tells from a request which family of clients is asking.</summary>
internal static class ClientDialects
{
    public static readonly IClientDialect OpenAi = new OpenAiDialect();
    public static readonly IClientDialect Anthropic = new AnthropicDialect();

    /// <summary>The dialect of a route that providers' clients call; null where errors are problems (RFC 9457).</summary>
    public static IClientDialect? Of(HttpRequest request)
    {
        // In any case of letters, as the router matches them.
        var path = request.Path;
        if (!path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)) return null;
        if (path.StartsWithSegments("/v1/messages", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/v1/complete", StringComparison.OrdinalIgnoreCase)) return Anthropic;

        // Both families ask for models under the same path; only one says a version.
        return path.StartsWithSegments("/v1/models", StringComparison.OrdinalIgnoreCase) && request.Headers.ContainsKey("anthropic-version") ? Anthropic : OpenAi;
    }
}
