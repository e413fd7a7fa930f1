using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.OpenAi;
using Aigc2d.Sandbox.Replies;
using Aigc2d.Sandbox.WenxinV1;

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
        routes.MapPost("/v2/embeddings", (HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Dialect, null, EmbedAsync));
        routes.MapGet("/v2/models", (HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Dialect, "", _ => Task.FromResult(ListModels.List(Names, "baidu"))));
        routes.MapGet("/v2/models/{name}", (HttpContext http, ScriptedCalls calls) =>
            calls.HandleAsync(http, Dialect, PathName.LastOf(http), call => ListModels.FindAsync(call, Names, "baidu")));
    }

    private static async Task<IResult> EmbedAsync(ScriptedCall call)
    {
        var model = call.Model.Name;
        if (model.Length == 0) throw new RequestRefusedException("the model is empty") { Code = "invalid_model" };
        var inputs = ErnieInputs.Read(call.Body, model, takesOneText: true);
        if (await call.BehaveAsync() is { } failure) return failure;

        var id = $"as-{Guid.CreateVersion7():N}";
        if (call.Script.ErrorFrameAfter is not null) return await call.AnswerAsync(SandboxJson.Bytes(json => ChatParts.WriteError(json, ChatFamily.Qianfan, call.Script, id)));
        return await call.AnswerAsync(VectorList.Bytes(call, inputs, ErnieInputs.SizeOf(model), asBase64: false, json =>
        {
            json.WriteString("id", id);
            json.WriteString("object", "embedding_list");
            json.WriteNumber("created", call.Now.ToUnixTimeSeconds());
            json.WriteString("model", model);
        }));
    }
}
