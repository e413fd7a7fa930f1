using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Reads the neutral call from a body of Anthropic's messages, for providers of other families.</summary>
internal static class MessagesReader
{
    // What the official clients call low, medium and high where a model takes no budget, tokens.
    private const int LeastOfMedium = 2_048;
    private const int LeastOfHigh = 4_096;

    /// <exception cref="UntranslatableException">A member is not what the dialect says, or means something that only Anthropic has.</exception>
    public static ChatRequest Read(ReadOnlySpan<byte> body)
    {
        var root = JsonElement.Parse(body);
        var choice = Fields.Member(root, "tool_choice");
        var config = Object(root, "output_config");
        return new ChatRequest
        {
            Messages = TurnsReader.Read(root),
            Tools = ReadTools(root),
            ToolChoice = choice is { } given ? ReadChoice(given) : null,
            ParallelToolCalls = choice is { } wish && Fields.Flag(wish, "disable_parallel_tool_use", "tool_choice") == true ? false : null,
            MaxOutputTokens = ReadMaxTokens(root),
            Temperature = Fields.Number(root, "temperature"),
            TopP = Fields.Number(root, "top_p"),
            Stop = Fields.Member(root, "stop_sequences") is { } stops ? [.. Fields.Items(stops, "stop_sequences").Select(item => Fields.TextOf(item.Item, item.Path))] : [],
            Format = config is null ? null : ReadFormat(config.Value),
            ReasoningEffort = (config is null ? null : Fields.Text(config.Value, "effort", "output_config")) ?? ReadThinking(root),
            User = Object(root, "metadata") is { } metadata ? Fields.Text(metadata, "user_id", "metadata") : null,
            Stream = Fields.Flag(root, "stream") ?? false,
            Root = root,
        };
    }

    private static int ReadMaxTokens(JsonElement root)
    {
        if (Fields.Member(root, "max_tokens") is { ValueKind: JsonValueKind.Number } most && most.TryGetInt32(out var tokens) && tokens == 0)
        {
            throw new UntranslatableException("max_tokens", "must be at least 1 for this model: it has no cache to warm.");
        }

        return Fields.Whole(root, "max_tokens") ?? throw new UntranslatableException("max_tokens", "is missing.");
    }

    private static List<ToolDefinition> ReadTools(JsonElement root)
    {
        var tools = new List<ToolDefinition>();
        if (Fields.Member(root, "tools") is not { } listed) return tools;

        foreach (var (tool, path) in Fields.Items(listed, "tools"))
        {
            if (Fields.Text(tool, "type", path) is not (null or "custom"))
            {
                throw new UntranslatableException($"{path}.type", "is a tool that Anthropic defines, which this model does not have. Use tools with an 'input_schema', or a Claude model.");
            }

            var schema = Fields.Member(tool, "input_schema");
            if (schema is { ValueKind: not JsonValueKind.Object }) throw new UntranslatableException($"{path}.input_schema", "must be a JSON schema object.");
            tools.Add(new ToolDefinition(Fields.Required(tool, "name", path), Fields.Text(tool, "description", path), schema, Fields.Flag(tool, "strict", path)));
        }

        return tools;
    }

    private static ToolChoice ReadChoice(JsonElement choice) => Fields.Required(choice, "type", "tool_choice") switch
    {
        "auto" => new ToolChoice(ToolChoiceKind.Auto),
        "none" => new ToolChoice(ToolChoiceKind.None),
        "any" => new ToolChoice(ToolChoiceKind.Required),
        "tool" => new ToolChoice(ToolChoiceKind.Function, Fields.Required(choice, "name", "tool_choice")),
        _ => throw new UntranslatableException("tool_choice.type", "must be 'auto', 'any', 'tool' or 'none'."),
    };

    private static ResponseFormat? ReadFormat(JsonElement config)
    {
        if (Fields.Member(config, "format") is not { } format) return null;
        if (Fields.Required(format, "type", "output_config.format") != "json_schema") throw new UntranslatableException("output_config.format.type", "must be 'json_schema'.");
        return Fields.Member(format, "schema") is { ValueKind: JsonValueKind.Object } schema
            ? new ResponseFormat(null, schema, null)
            : throw new UntranslatableException("output_config.format.schema", "must be a JSON schema object.");
    }

    /// <summary>How hard to think, where the client says it by a budget; else it is the model's matter.</summary>
    private static string? ReadThinking(JsonElement root)
    {
        if (Object(root, "thinking") is not { } thinking || Fields.Text(thinking, "type", "thinking") != "enabled") return null;
        if (Fields.Member(thinking, "budget_tokens") is not { ValueKind: JsonValueKind.Number } budget || !budget.TryGetInt32(out var tokens)) return null;
        return tokens switch
        {
            < LeastOfMedium => "low",
            < LeastOfHigh => "medium",
            _ => "high",
        };
    }

    private static JsonElement? Object(JsonElement root, string name) => Fields.Member(root, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => value,
        _ => throw new UntranslatableException(name, "must be an object."),
    };
}
