using System.Text;

namespace Aigc2d.Billing.FinanceFeed;

/// <summary>The replay of the finance feed from any position: a consumer that saw a gap reads what it missed.</summary>
internal static class GetEvents
{
    private const int MaxLimit = 10_000;

    public static void MapGetEvents(this IEndpointRouteBuilder routes) => routes.MapGet("/finance/events", Handle);

    private static async Task<IResult> Handle(CloudEvents events, HttpResponse response, CancellationToken ct, long after = 0, int limit = 1000)
    {
        if (after < 0) return ServiceDefaults.Http.Problems.Invalid("after", "must be a position, 0 or more.");
        if (limit is < 1 or > MaxLimit) return ServiceDefaults.Http.Problems.Invalid("limit", $"must be between 1 and {MaxLimit}.");

        response.ContentType = "application/json";
        await response.WriteAsync("{\"events\":[", ct);
        var next = after;
        await foreach (var @event in events.ReadAfterAsync(after, limit, ct))
        {
            if (next != after) await response.WriteAsync(",", ct);
            await response.WriteAsync(@event.Json, Encoding.UTF8, ct);
            next = @event.Position;
        }

        await response.WriteAsync($"],\"next\":{next}}}", ct);
        return Results.Empty;
    }
}
