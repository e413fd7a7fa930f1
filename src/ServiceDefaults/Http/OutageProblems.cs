using Aigc2d.ServiceDefaults.Postgres;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ServiceDefaults.Http;

/// <summary>A database that is away is an outage, not a bug: 503 and when to come again.</summary>
internal sealed class OutageProblems : IExceptionHandler
{
    private const int RetryAfterSeconds = 1;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!PostgresErrors.IsOutage(exception)) return false;

        httpContext.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        await Problems.Of(StatusCodes.Status503ServiceUnavailable, "unavailable", "Not available at the moment", "The database does not answer. Nothing was changed that is not told; try again.").ExecuteAsync(httpContext);
        return true;
    }
}
