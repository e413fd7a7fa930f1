using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>Shows operators how the channels are doing, as this process has seen them: JSON, or a page for a browser.</summary>
public static class ShowHealth
{
    public static void MapShowHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", static (HttpRequest request, ChannelDirectory directory, DescribeHealth describe, TimeProvider time) => HandleAll(request, directory, describe, time));
        routes.MapGet("/{id:guid}/health", static (Guid id, ChannelDirectory directory, DescribeHealth describe) => HandleOne(id, directory, describe));
    }

    private static IResult HandleAll(HttpRequest request, ChannelDirectory directory, DescribeHealth describe, TimeProvider time)
    {
        var channels = directory.Routes.ById.Values.OrderByDescending(channel => channel.Priority).ThenBy(channel => channel.Id).Select(describe.Of).ToArray();
        return request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Text(HealthPage.Of(channels, time.GetUtcNow()), "text/html; charset=utf-8")
            : TypedResults.Ok(new ChannelHealthsResponse(channels, null));
    }

    private static Results<Ok<ChannelHealthResponse>, ProblemHttpResult> HandleOne(Guid id, ChannelDirectory directory, DescribeHealth describe) =>
        directory.Routes.ById.TryGetValue(id, out var channel) ? TypedResults.Ok(describe.Of(channel)) : Problems.NotFound($"There is no channel {id}.");
}
