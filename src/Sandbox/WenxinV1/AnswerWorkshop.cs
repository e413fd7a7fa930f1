using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>Wenxin v1's routes: chat, embeddings, the tokenizer. The endpoint in the path is the model's name, with its script.</summary>
public static class AnswerWorkshop
{
    private static readonly ErnieFormat Format = new();

    public static void MapAnswerWorkshop(this IEndpointRouteBuilder routes)
    {
        var workshop = routes.MapGroup("/rpc/2.0/ai_custom/v1/wenxinworkshop");
        workshop.MapPost("/chat/{endpoint}", (HttpContext http, ChatAnswers answers) => answers.HandleAsync(http, Format, PathName.LastOf(http)));
        workshop.MapPost("/embeddings/{endpoint}", (HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Format.Dialect, PathName.LastOf(http), EmbedAsync));
        workshop.MapPost("/tokenizer/{endpoint}", (HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Format.Dialect, PathName.LastOf(http), CountAsync));
        routes.Map("/rpc/2.0/{**rest}", () => SandboxJson.Result(WenxinDialect.Describe(3, WenxinDialect.MeaningOf(3))));
    }

    private static async Task<IResult> EmbedAsync(ScriptedCall call)
    {
        var inputs = ErnieInputs.Read(call.Body, call.Model.Name, takesOneText: false);
        if (await call.BehaveAsync() is { } failure) return failure;
        if (call.Script.ErrorFrameAfter is not null) return await call.AnswerAsync(ErnieFormat.ErrorOf(call.Script));

        return await call.AnswerAsync(VectorList.Bytes(call, inputs, ErnieInputs.SizeOf(call.Model.Name), asBase64: false, json => WriteHead(json, call, "embedding_list")));
    }

    private static async Task<IResult> CountAsync(ScriptedCall call)
    {
        var prompt = call.Body.FindText("prompt") is { Length: > 0 } text ? text : throw new RequestRefusedException("prompt can not be empty");
        if (await call.BehaveAsync() is { } failure) return failure;
        return await call.AnswerAsync(SandboxJson.Bytes(json =>
        {
            WriteHead(json, call, "tokenizer.erniebot");
            VectorList.WriteUsage(json, ClaimedUsage.Of(call.Script, SandboxTokens.Count(prompt)));
        }));
    }

    private static void WriteHead(Utf8JsonWriter json, ScriptedCall call, string kind)
    {
        json.WriteString("id", $"as-{Guid.CreateVersion7():N}");
        json.WriteString("object", kind);
        json.WriteNumber("created", call.Now.ToUnixTimeSeconds());
    }
}
