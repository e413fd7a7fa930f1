using Aigc2d.Gateway.Dialects;

namespace Aigc2d.Gateway.Edges;

/// <summary>Answers what no route answers, in the words of the dialect that the path belongs to.</summary>
internal static class UnmatchedRoutes
{
    public static Task NotFoundAsync(HttpContext context) => IsDialect(context)
        ? ApiErrors.UnknownUrl(context.Request.Method).ExecuteAsync(context)
        : EdgeProblems.NoRoute(context.Request.Method).ExecuteAsync(context);

    /// <summary>The router says 405 without a body; this adds one.</summary>
    public static async Task AddBodyTo405Async(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var isBare = !context.Response.HasStarted && context.Response.ContentType is null && context.Response.ContentLength is null;
        if (context.Response.StatusCode != StatusCodes.Status405MethodNotAllowed || !isBare) return;

        if (IsDialect(context)) await ApiErrors.MethodNotSupported(context.Request.Method).ExecuteAsync(context);
        else await EdgeProblems.MethodNotAllowed(context.Request.Method).ExecuteAsync(context);
    }

    /// <summary>Whether the path is one that clients of a provider call.</summary>
    public static bool IsDialect(HttpContext context) => ClientDialects.Of(context.Request) is not null;
}
