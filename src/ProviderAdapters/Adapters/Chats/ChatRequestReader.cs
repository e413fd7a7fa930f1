using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.Chats;

/// <summary>Reads the neutral call from a body in OpenAI's dialect; the old functions and function_call members too.</summary>
internal static class ChatRequestReader
{
    /// <exception cref="UntranslatableException">A member is not what the dialect says.</exception>
    public static ChatRequest Read(ReadOnlySpan<byte> body)
    {
        var root = JsonElement.Parse(body);
        return new ChatRequest
        {
            Messages = MessageReader.Read(root),
            Tools = ReadTools(root),
            ToolChoice = ReadToolChoice(root),
            ParallelToolCalls = Fields.Flag(root, "parallel_tool_calls"),
            MaxOutputTokens = Fields.Whole(root, "max_completion_tokens") ?? Fields.Whole(root, "max_tokens"),
            Temperature = Fields.Number(root, "temperature"),
            TopP = Fields.Number(root, "top_p"),
            PresencePenalty = Fields.Number(root, "presence_penalty"),
            FrequencyPenalty = Fields.Number(root, "frequency_penalty"),
            Stop = ReadStop(root),
            Format = ReadFormat(root),
            ReasoningEffort = Fields.Text(root, "reasoning_effort"),
            User = Fields.Text(root, "safety_identifier") ?? Fields.Text(root, "user"),
            Choices = Fields.Whole(root, "n") ?? 1,
            LogProbs = Fields.Flag(root, "logprobs") ?? false,
            Stream = Fields.Flag(root, "stream") ?? false,
            Root = root,
        };
    }

    private static List<ToolDefinition> ReadTools(JsonElement root)
    {
        var tools = new List<ToolDefinition>();
        if (Fields.Member(root, "tools") is { } listed)
        {
            foreach (var (tool, path) in Fields.Items(listed, "tools"))
            {
                if (Fields.Text(tool, "type", path) is not (null or "function")) throw new UntranslatableException($"{path}.type", "only tools of type 'function' can be called through this model.");
                var function = Fields.Member(tool, "function") ?? throw new UntranslatableException($"{path}.function", "is missing.");
                tools.Add(ReadFunction(function, $"{path}.function"));
            }
        }

        if (Fields.Member(root, "functions") is { } functions)
        {
            foreach (var (function, path) in Fields.Items(functions, "functions")) tools.Add(ReadFunction(function, path));
        }

        return tools;
    }

    private static ToolDefinition ReadFunction(JsonElement function, string path)
    {
        var parameters = Fields.Member(function, "parameters");
        if (parameters is { ValueKind: not JsonValueKind.Object }) throw new UntranslatableException($"{path}.parameters", "must be a JSON schema object.");
        return new ToolDefinition(Fields.Required(function, "name", path), Fields.Text(function, "description", path), parameters, Fields.Flag(function, "strict", path));
    }

    private static ToolChoice? ReadToolChoice(JsonElement root)
    {
        var (choice, member) = Fields.Member(root, "tool_choice") is { } tools ? (tools, "tool_choice") : (Fields.Member(root, "function_call"), "function_call");
        return choice switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } word => Fields.TextOf(word, member) switch
            {
                "auto" => new ToolChoice(ToolChoiceKind.Auto),
                "none" => new ToolChoice(ToolChoiceKind.None),
                "required" => new ToolChoice(ToolChoiceKind.Required),
                _ => throw new UntranslatableException(member, "must be 'auto', 'none', 'required' or name a function."),
            },
            { ValueKind: JsonValueKind.Object } named => new ToolChoice(ToolChoiceKind.Function, Fields.Required(Fields.Member(named, "function") ?? named, "name", member)),
            _ => throw new UntranslatableException(member, "must be a string or an object."),
        };
    }

    internal static List<string> ReadStop(JsonElement root) => Fields.Member(root, "stop") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } one => [Fields.TextOf(one, "stop")],
        { } several => [.. Fields.Items(several, "stop").Select(item => Fields.TextOf(item.Item, item.Path))],
    };

    private static ResponseFormat? ReadFormat(JsonElement root)
    {
        if (Fields.Member(root, "response_format") is not { } format) return null;
        if (format.ValueKind != JsonValueKind.Object) throw new UntranslatableException("response_format", "must be an object.");
        switch (Fields.Text(format, "type", "response_format"))
        {
            case "text":
                return null;
            case "json_object":
                return new ResponseFormat(null, null, null);
            case "json_schema":
                var schema = Fields.Member(format, "json_schema") ?? throw new UntranslatableException("response_format.json_schema", "is missing.");
                return new ResponseFormat(
                    Fields.Text(schema, "name", "response_format.json_schema"), Fields.Member(schema, "schema"), Fields.Flag(schema, "strict", "response_format.json_schema"));
            default:
                throw new UntranslatableException("response_format.type", "must be 'text', 'json_object' or 'json_schema'.");
        }
    }
}
