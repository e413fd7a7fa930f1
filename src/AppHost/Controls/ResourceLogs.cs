using Aigc2d.AppHost.LocalRuns;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aigc2d.AppHost.Controls;

/// <summary>The last lines of a resource and, when asked, each new one.</summary>
internal static class ResourceLogs
{
    private const int DefaultTail = 200;

    public static void MapResourceLogs(this IEndpointRouteBuilder routes, IReadOnlyList<IResource> resources, ResourceLoggerService logs, Diagnosis diagnosis) =>
        routes.MapGet("/api/resources/{name}/logs", async (string name, int? tail, bool? follow, HttpContext context) =>
        {
            if (resources.FirstOrDefault(resource => resource.Name == name) is not { } resource)
            {
                await ResourceNames.Unknown(name, resources).ExecuteAsync(context);
                return;
            }

            var ct = context.RequestAborted;
            context.Response.ContentType = "text/plain; charset=utf-8";
            var lines = await diagnosis.LastLinesAsync(resource, tail ?? DefaultTail, ct);
            await WriteAsync(context.Response, lines, ct);
            if (follow == true)
            {
                await FollowAsync(context.Response, logs.WatchAsync(resource), lines.Count == 0 ? 0 : lines[^1].LineNumber, ct);
            }
        });

    private static async Task FollowAsync(HttpResponse response, IAsyncEnumerable<IReadOnlyList<LogLine>> batches, int seen, CancellationToken ct)
    {
        try
        {
            await foreach (var batch in batches.WithCancellation(ct))
            {
                await WriteAsync(response, batch.Where(line => line.LineNumber > seen), ct);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has gone.
        }
    }

    private static async Task WriteAsync(HttpResponse response, IEnumerable<LogLine> lines, CancellationToken ct)
    {
        foreach (var line in lines)
        {
            await response.WriteAsync(line.Content + "\n", ct);
        }

        await response.Body.FlushAsync(ct);
    }
}
