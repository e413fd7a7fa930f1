using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Clients.Anthropic;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>
/// The routes of provider calls: the client's own body in, the client's dialect out. Admission is done; from here on every path ends in exactly
/// one usage record.
/// </summary>
public static class AnswerCalls
{
    public static void MapAnswerCalls(this IEndpointRouteBuilder routes)
    {
        var completing = routes.ServiceProvider.GetRequiredService<CompletionModels>();
        routes.MapPost("/chat/completions", For(new ChatDialect()));
        routes.MapPost("/completions", For(new CompletionDialect(completing)));
        routes.MapPost("/complete", For(new CompleteDialect()));
        routes.MapPost("/messages", For(new MessagesDialect()));
        routes.MapPost("/embeddings", For(new EmbeddingsDialect()));
    }

    private static Delegate For(IClientDialect dialect) => (HttpContext http, RunningCalls calls, ModelCalls models) => HandleAsync(http, calls, models, dialect);

    private static async Task HandleAsync(HttpContext http, RunningCalls calls, ModelCalls models, IClientDialect dialect)
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
            await models.AnswerAsync(new ModelCall(http, running, dialect));
        }
        finally
        {
            calls.End(running);
        }
    }
}
