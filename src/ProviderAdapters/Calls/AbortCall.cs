using Aigc2d.Contracts.Providers;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>The gateway's word that the client has gone away. Safe to repeat; a call that has ended stays as it ended.</summary>
public static class AbortCall
{
    public static void MapAbortCall(this IEndpointRouteBuilder routes) => routes.MapPost("/calls/{requestId:guid}/abort", (Guid requestId, AbortCallRequest? body, RunningCalls calls) =>
    {
        calls.Find(requestId)?.ClientLeft(body?.SentBytes);
        return TypedResults.NoContent();
    });
}
