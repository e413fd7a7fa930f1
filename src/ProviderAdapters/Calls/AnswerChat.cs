using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>
/// <c>POST /internal/chat/completions</c>: the client's own body in, the client's dialect out. Admission is done; from here on every path ends
/// in exactly one usage record.
/// </summary>
public static class AnswerChat
{
    public static void MapAnswerChat(this IEndpointRouteBuilder routes) => routes.MapPost("/chat/completions", Handle);

    private static async Task Handle(HttpContext http, RunningCalls calls, ChatCalls chats)
    {
        if (CallIdentity.Read(http.Request.Headers, out var faultyHeader) is not { } identity)
        {
            await Problems.Invalid(faultyHeader!, "is missing or malformed.").ExecuteAsync(http);
            return;
        }

        if (calls.TryStart(identity) is not { } running)
        {
            await Problems.Conflict("request-id-known", $"Request {identity.RequestId} was already asked.").ExecuteAsync(http);
            return;
        }

        http.Response.Headers["x-request-id"] = identity.RequestId.ToString();
        await using var lost = http.RequestAborted.UnsafeRegister(static call => ((RunningCall)call!).Stop(EndCause.PlatformCrash), running);
        try
        {
            await chats.AnswerAsync(new ChatCall(http, running));
        }
        finally
        {
            calls.End(running);
        }
    }
}
