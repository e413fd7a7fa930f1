using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.WenxinV1;

/// <summary>Reads a chat request of Wenxin v1 and refuses what Wenxin refuses.</summary>
public static class ErnieRequest
{
    private const int MaxStops = 4;
    private const int MaxStopCharacters = 20;
    private static readonly JsonElement AnyObject = JsonDocument.Parse("{}").RootElement;

    /// <exception cref="RequestRefusedException">A rule is broken; the message says which.</exception>
    public static ChatRequest Read(ScriptedCall call)
    {
        var body = call.Body;
        var messages = body.Find("messages", JsonValueKind.Array) ?? throw new RequestRefusedException("messages can not be empty");
        ErnieRules.Check(messages, InputLimitOf(call.Model.Name));
        CheckNumber(body, "temperature", 0, 1, excludesMin: true);
        CheckNumber(body, "top_p", 0, 1);
        CheckNumber(body, "penalty_score", 1, 2);
        CheckNumber(body, "max_output_tokens", 2, call.Model.Name.Contains("128k", StringComparison.Ordinal) ? 4_096 : 2_048);
        foreach (var text in new[] { "system", "user_id" })
        {
            if (body.Find(text) is { ValueKind: not JsonValueKind.String }) throw new RequestRefusedException($"{text} must be a string");
        }

        var stops = StopsOf(body);
        if (body.Find("response_format") is { } format && format.ValueKind != JsonValueKind.String) throw new RequestRefusedException("response_format must be a string");
        if (body.FindText("response_format") is not (null or "text" or "json_object")) throw new RequestRefusedException("response_format must be text or json_object");
        var functions = FunctionsOf(body);
        return new ChatRequest
        {
            Model = call.Model.Name,
            Stream = body.IsTrue("stream"),
            MaxTokens = body.FindInteger("max_output_tokens"),
            PromptTokens = SandboxTokens.CountPrompt(messages, body.Find("functions", JsonValueKind.Array), body.FindText("system")),
            LastUserText = SandboxTokens.LastUserText(messages),
            ToolNames = functions,
            Stops = stops,
            Schema = body.FindText("response_format") == "json_object" ? AnyObject : null,
        };
    }

    private static int InputLimitOf(string endpoint) => endpoint switch
    {
        "eb-instant" or "ai_apaas" => 11_200,
        _ when endpoint.Contains("128k", StringComparison.Ordinal) => 516_096,
        _ => 20_000,
    };

    private static void CheckNumber(JsonElement body, string name, double min, double max, bool excludesMin = false)
    {
        if (body.Find(name) is not { } value) return;
        if (value.ValueKind != JsonValueKind.Number || value.GetDouble() is var number && (number < min || number > max || (excludesMin && number <= min)))
        {
            throw new RequestRefusedException($"{name} must be in {(excludesMin ? '(' : '[')}{min}, {max}]");
        }
    }

    private static string[] StopsOf(JsonElement body)
    {
        if (body.Find("stop") is not { } stop) return [];
        if (stop.ValueKind != JsonValueKind.Array || stop.GetArrayLength() > MaxStops) throw new RequestRefusedException($"stop must be a list of at most {MaxStops} strings");
        var stops = body.FindTexts("stop");
        return stops.Length == stop.GetArrayLength() && stops.All(text => text.Length is > 0 and <= MaxStopCharacters)
            ? stops : throw new RequestRefusedException($"stop must hold strings of 1 to {MaxStopCharacters} characters");
    }

    private static string[] FunctionsOf(JsonElement body)
    {
        if (body.Find("functions") is not { } functions) return [];
        if (functions.ValueKind != JsonValueKind.Array || functions.GetArrayLength() == 0) throw new RequestRefusedException("functions must be a list that is not empty");
        var names = new List<string>();
        foreach (var function in functions.EnumerateArray())
        {
            var parameters = function.Find("parameters");
            if (function.FindText("name") is not { Length: > 0 } name) throw new RequestRefusedException("functions.name can not be empty");
            if (function.FindText("description") is null) throw new RequestRefusedException("functions.description can not be empty");
            if (parameters?.FindText("type") != "object" || parameters.Value.Find("properties", JsonValueKind.Object) is null)
            {
                throw new RequestRefusedException("functions.parameters must be a schema of an object");
            }

            names.Add(name);
        }

        if (body.Find("tool_choice") is { } choice && (choice.FindText("type") != "function" || !names.Contains(choice.Find("function")?.FindText("name") ?? "")))
        {
            throw new RequestRefusedException("tool_choice must name one of the functions");
        }

        return [.. names];
    }
}
