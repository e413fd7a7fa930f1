using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.Anthropic;

/// <summary>Anthropic's routes: messages, their token count, the legacy completion.</summary>
public static class AnswerMessages
{
    private static readonly MessagesFormat Messages = new();
    private static readonly CompleteFormat Complete = new();

    public static void MapAnswerMessages(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/messages", (HttpContext http, ChatAnswers answers) => answers.HandleAsync(http, Messages));
        routes.MapPost("/v1/messages/count_tokens", (HttpContext http, ScriptedCalls calls) => calls.HandleAsync(http, Messages.Dialect, null, CountAsync));
        routes.MapPost("/v1/complete", (HttpContext http, ChatAnswers answers) => answers.HandleAsync(http, Complete));
    }

    private static async Task<IResult> CountAsync(ScriptedCall call)
    {
        var request = MessagesRequest.Read(call, countsOnly: true);
        if (await call.BehaveAsync() is { } failure) return failure;
        return await call.AnswerAsync(SandboxJson.Bytes(json =>
        {
            if (ClaimedUsage.Of(call.Script, request.PromptTokens) is { } usage) json.WriteRawNumber("input_tokens", usage.PromptTokens);
        }));
    }
}
