namespace Aigc2d.Sandbox.Requests;

/// <summary>Shows a test what came in and what still runs; <c>?model=</c> narrows both.</summary>
public static class InspectRequests
{
    public static void MapInspectRequests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/requests", (string? model, ReceivedRequests requests) =>
        {
            var found = requests.Find(model);
            return new RequestsResponse(found.Count, found);
        });
        routes.MapDelete("/requests", (ReceivedRequests requests) =>
        {
            requests.Clear();
            return Results.NoContent();
        });
        routes.MapGet("/open", (string? model, ReceivedRequests requests) => new OpenResponse(requests.CountOpen(model)));
    }

    /// <summary>The requests that were received.</summary>
    public sealed record RequestsResponse(int Count, IReadOnlyList<ReceivedRequest> Requests);

    /// <summary>How many requests are being answered.</summary>
    public sealed record OpenResponse(int Open);
}
