using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.OpenAi;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.WenxinV2;

/// <summary>Wenxin v2's routes: chat, embeddings and models in Baidu's reading of OpenAI's format.</summary>
public static class AnswerQianfan
{
    private static readonly QianfanDialect Dialect = new();
    private static readonly QianfanFormat Format = new(Dialect);
    private static readonly string[] Names = ["ernie-3.5-8k", "ernie-4.0-8k", "ernie-4.0-turbo-8k", "ernie-lite-8k", "embedding-v1"];

    public static void MapAnswerQianfan(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v2/chat/completions", (HttpContext http, ChatAnswers answers) => answers.HandleAsync(http, Format));
        routes.MapPost("/v2/embeddings", (HttpContext http, ScriptedCalls calls) =>
            calls.HandleAsync(http, Dialect, null, call => AnswerEmbeddings.AnswerAsync(call, "as-")));
        routes.MapGet("/v2/models", (HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Dialect, "", _ => Task.FromResult(ListModels.List(Names, "baidu"))));
        routes.MapGet("/v2/models/{name}", (HttpContext http, ScriptedCalls calls) =>
            calls.HandleAsync(http, Dialect, PathName.LastOf(http), call => ListModels.FindAsync(call, Names, "baidu")));
    }
}
