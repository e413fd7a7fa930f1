using System.Text.Json;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>Wenxin v1's rules for a conversation: an odd number of messages by turns, the first and the last the user's, none of them empty, all together not too long.</summary>
public static class ErnieRules
{
    /// <exception cref="RequestRefusedException">A rule is broken; the message says which.</exception>
    public static void Check(JsonElement messages, int maxCharacters)
    {
        if (messages.GetArrayLength() % 2 == 0) throw new RequestRefusedException("the max length of messages must be an odd number");
        var characters = 0;
        var number = 0;
        foreach (var message in messages.EnumerateArray())
        {
            CheckRole(message, isAnswer: number % 2 == 1, isFirst: number == 0);
            characters += CheckContent(message).Length;
            number++;
        }

        if (characters > maxCharacters) throw new RequestRefusedException($"the max input characters is {maxCharacters}") { Code = $"{WenxinDialect.TooLong}" };
    }

    private static void CheckRole(JsonElement message, bool isAnswer, bool isFirst)
    {
        var role = message.FindText("role");
        var isRight = role switch
        {
            "assistant" => isAnswer,
            "user" => !isAnswer,
            "function" => !isAnswer && !isFirst,
            _ => false,
        };
        if (!isRight) throw new RequestRefusedException("the role of message with even index in the messages must be user or function, the role of message with odd index must be assistant");
    }

    private static string CheckContent(JsonElement message)
    {
        var call = message.Find("function_call");
        if (call is { } asked && (asked.FindText("name") is null || asked.FindText("arguments") is null)) throw new RequestRefusedException("function_call must have a name and arguments");
        if (message.Find("content") is { ValueKind: not JsonValueKind.String }) throw new RequestRefusedException("the content of message must be a string");
        var content = message.FindText("content") ?? "";
        if (string.IsNullOrWhiteSpace(content) && call is null) throw new RequestRefusedException("the content of message can not be empty");
        if (message.FindText("role") != "function") return content;

        if (message.FindText("name") is not { Length: > 0 }) throw new RequestRefusedException("the name of a function message can not be empty");
        if (!IsJson(content)) throw new RequestRefusedException("the content of a function message must be JSON");
        return content;
    }

    private static bool IsJson(string content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            return json.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
