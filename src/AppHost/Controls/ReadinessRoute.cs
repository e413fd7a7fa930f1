using Aigc2d.AppHost.LocalRuns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aigc2d.AppHost.Controls;

/// <summary>Whether the suite is ready: 200 with the summary, 503 with the present line of progress, 500 with the cause of failure.</summary>
internal static class ReadinessRoute
{
    public static void MapReadiness(this IEndpointRouteBuilder routes, Readiness readiness) => routes.MapGet("/api/ready", (HttpContext context) =>
    {
        var (stage, text) = readiness.Current;
        if (stage == ReadinessStage.Failed)
        {
            context.Response.OnCompleted(() =>
            {
                readiness.FailureWasTold();
                return Task.CompletedTask;
            });
        }

        return Results.Text(text + "\n", statusCode: stage switch
        {
            ReadinessStage.Ready => StatusCodes.Status200OK,
            ReadinessStage.Starting => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        });
    });
}
