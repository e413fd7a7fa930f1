using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>Wenxin v1's routes: chat, embeddings, the tokenizer. The endpoint in the path is the model's name, with its script.</summary>
public static class AnswerWorkshop
{
    private const int MaxInputs = 16;
    private const int MaxCharacters = 1_000;
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
        var isLong = call.Model.Name == "tao_8k";
        var inputs = call.Body.Find("input", JsonValueKind.Array) is null ? [] : call.Body.FindTexts("input");
        if (inputs.Length is 0 || inputs.Length > (isLong ? 1 : MaxInputs)) throw new RequestRefusedException($"input must be a list of 1 to {(isLong ? 1 : MaxInputs)} strings");
        if (inputs.Any(input => input.Length is 0 || (!isLong && input.Length > MaxCharacters))) throw new RequestRefusedException($"each input must have 1 to {MaxCharacters} characters");
        if (await call.BehaveAsync() is { } failure) return failure;

        var tokens = call.Script.InputTokens ?? inputs.Sum(SandboxTokens.Count);
        var size = call.Model.Name == "embedding-v1" ? SandboxVector.SizeOf(call.Model.Name) : 1_024;
        return SandboxJson.Result(new
        {
            id = $"as-{Guid.CreateVersion7():N}",
            @object = "embedding_list",
            created = call.Now.ToUnixTimeSeconds(),
            data = inputs.Select((input, index) => new { @object = "embedding", embedding = SandboxVector.Of(input, size), index }).ToArray(),
            usage = new { prompt_tokens = tokens, total_tokens = tokens },
        });
    }

    private static async Task<IResult> CountAsync(ScriptedCall call)
    {
        var prompt = call.Body.FindText("prompt") is { Length: > 0 } text ? text : throw new RequestRefusedException("prompt can not be empty");
        if (await call.BehaveAsync() is { } failure) return failure;
        var tokens = call.Script.InputTokens ?? SandboxTokens.Count(prompt);
        return SandboxJson.Result(new
        {
            id = $"as-{Guid.CreateVersion7():N}",
            @object = "tokenizer.erniebot",
            created = call.Now.ToUnixTimeSeconds(),
            usage = new { prompt_tokens = tokens, total_tokens = tokens },
        });
    }
}
