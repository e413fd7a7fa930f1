using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.OpenAi;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.Azure;

/// <summary>OpenAI's chat, completions and embeddings on Azure-style paths: the deployment is the model's name, with its script.</summary>
public static class AnswerDeployments
{
    private static readonly AzureDialect Dialect = new();
    private static readonly ChatFormat Chat = new(Dialect, ChatFamily.Azure);
    private static readonly CompletionsFormat Completions = new(Dialect, ChatFamily.Azure);

    public static void MapAnswerDeployments(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/openai/deployments/{deployment}/chat/completions", (HttpContext http, ChatAnswers answers) =>
            answers.HandleAsync(http, Chat, PathName.Of(http, ^3)));
        routes.MapPost("/openai/deployments/{deployment}/completions", (HttpContext http, ChatAnswers answers) =>
            answers.HandleAsync(http, Completions, PathName.Of(http, ^2)));
        routes.MapPost("/openai/deployments/{deployment}/embeddings", (HttpContext http, ScriptedCalls calls) =>
            calls.HandleAsync(http, Dialect, PathName.Of(http, ^2), call => AnswerEmbeddings.AnswerAsync(call)));
    }
}
