using Aigc2d.Gateway.Dialects;
using Microsoft.AspNetCore.Diagnostics;

namespace Aigc2d.Gateway.Edges;

/// <summary>Turns a bug into a 500 of the right dialect, and a line in the log that has the request id and no part of the request.</summary>
internal sealed class UnhandledErrors(ILogger<UnhandledErrors> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested) return true;

        log.LogError(exception, "Request {RequestId} failed", httpContext.TraceIdentifier);
        if (UnmatchedRoutes.IsDialect(httpContext)) await ApiErrors.Internal().ExecuteAsync(httpContext);
        else await EdgeProblems.Internal().ExecuteAsync(httpContext);
        return true;
    }
}
