using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.OpenAi;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.WenxinV2;

/// <summary>OpenAI's chat format as Baidu reads it: fewer roles, one choice, its own limits.</summary>
public sealed class QianfanFormat(QianfanDialect dialect) : ChatFormat(dialect, ChatFamily.Qianfan)
{
    private const int MaxStops = 4;
    private const int MaxStopCharacters = 20;

    public override ChatRequest Read(ScriptedCall asked)
    {
        var body = asked.Body;
        if (asked.Model.Name.Length == 0) throw new RequestRefusedException("the model is empty") { Code = "invalid_model" };
        var messages = body.Find("messages", JsonValueKind.Array)?.EnumerateArray().ToArray() ?? [];
        if (messages.Length == 0) throw new RequestRefusedException("messages is empty") { Code = "invalid_messages" };
        if (messages.Any(message => message.FindText("role") is not ("system" or "user" or "assistant" or "tool")))
        {
            throw new RequestRefusedException("a message has a role that is not system, user, assistant or tool") { Code = "invalid_messages" };
        }

        if (string.IsNullOrWhiteSpace(SandboxTokens.TextOf(messages[^1]))) throw new RequestRefusedException("the last message is blank") { Code = "invalid_messages" };
        var stops = body.FindTexts("stop");
        if (stops.Length > MaxStops || stops.Any(stop => stop.Length > MaxStopCharacters))
        {
            throw new RequestRefusedException($"stop: at most {MaxStops} of {MaxStopCharacters} characters each");
        }

        if (body.Find("logprobs") is { ValueKind: not JsonValueKind.False }) throw new RequestRefusedException("logprobs is not supported");
        return base.Read(asked) with { Choices = 1 };
    }
}
