using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Edges;

/// <summary>Answers what no route answers, in the words of the dialect that the path belongs to.</summary>
internal static class UnmatchedRoutes
{
    public static Task NotFoundAsync(HttpContext context) => IsOpenAi(context)
        ? OpenAiErrors.UnknownUrl(context.Request.Method).ExecuteAsync(context)
        : EdgeProblems.NoRoute(context.Request.Method).ExecuteAsync(context);

    /// <summary>The router says 405 without a body; this adds one.</summary>
    public static async Task AddBodyTo405Async(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var isBare = !context.Response.HasStarted && context.Response.ContentType is null && context.Response.ContentLength is null;
        if (context.Response.StatusCode != StatusCodes.Status405MethodNotAllowed || !isBare) return;

        if (IsOpenAi(context)) await OpenAiErrors.MethodNotSupported(context.Request.Method).ExecuteAsync(context);
        else await EdgeProblems.MethodNotAllowed(context.Request.Method).ExecuteAsync(context);
    }

    /// <summary>Whether the path is one that OpenAI's clients call.</summary>
    public static bool IsOpenAi(HttpContext context) => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
}
