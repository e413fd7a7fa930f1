using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.Chats;

/// <summary>Reads the messages of a body in OpenAI's dialect.</summary>
internal static class MessageReader
{
    public static List<ChatMessage> Read(JsonElement root)
    {
        var listed = Fields.Member(root, "messages") ?? throw new UntranslatableException("messages", "is missing.");
        return [.. Fields.Items(listed, "messages").Select(item => ReadMessage(item.Item, item.Path))];
    }

    private static ChatMessage ReadMessage(JsonElement message, string path)
    {
        var role = Fields.Required(message, "role", path) switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" or "function" => ChatRole.Tool,
            _ => throw new UntranslatableException($"{path}.role", "must be 'system', 'developer', 'user', 'assistant' or 'tool'."),
        };
        return new ChatMessage(role, [.. ReadContent(message, path)])
        {
            ToolCalls = role == ChatRole.Assistant ? ReadToolCalls(message, path) : [],
            ToolCallId = Fields.Text(message, "tool_call_id", path),
            Name = Fields.Text(message, "name", path),
        };
    }

    private static IEnumerable<ContentPart> ReadContent(JsonElement message, string path)
    {
        var content = Fields.Member(message, "content");
        if (content is { ValueKind: JsonValueKind.Array } parts)
        {
            foreach (var (part, at) in Fields.Items(parts, $"{path}.content")) yield return ReadPart(part, at);
        }
        else if (content is not null)
        {
            yield return new TextPart($"{path}.content", Fields.Text(message, "content", path)!);
        }

        if (Fields.Text(message, "refusal", path) is { } refusal) yield return new TextPart($"{path}.refusal", refusal);
    }

    private static ContentPart ReadPart(JsonElement part, string path)
    {
        switch (Fields.Required(part, "type", path))
        {
            case "text":
                return new TextPart(path, Fields.Required(part, "text", path));
            case "refusal":
                return new TextPart(path, Fields.Required(part, "refusal", path));
            case "image_url":
                var image = Inner(part, "image_url", path);
                return new ImagePart(path, Fields.Required(image, "url", $"{path}.image_url"), Fields.Text(image, "detail", $"{path}.image_url"));
            case "file":
                var file = Inner(part, "file", path);
                return new FilePart(path, Fields.Text(file, "filename", $"{path}.file"), Fields.Text(file, "file_data", $"{path}.file"), Fields.Text(file, "file_id", $"{path}.file"));
            case "input_audio":
                var audio = Inner(part, "input_audio", path);
                return new AudioPart(path, Fields.Required(audio, "data", $"{path}.input_audio"), Fields.Required(audio, "format", $"{path}.input_audio"));
            default:
                throw new UntranslatableException($"{path}.type", "is not known; use 'text', 'image_url', 'file' or 'input_audio'.");
        }
    }

    private static JsonElement Inner(JsonElement part, string name, string path) => Fields.Member(part, name) ?? throw new UntranslatableException($"{path}.{name}", "is missing.");

    private static List<ToolCall> ReadToolCalls(JsonElement message, string path)
    {
        var calls = new List<ToolCall>();
        if (Fields.Member(message, "tool_calls") is { } listed)
        {
            foreach (var (call, at) in Fields.Items(listed, $"{path}.tool_calls"))
            {
                if (Fields.Member(call, "function") is not { } function) throw new UntranslatableException($"{at}.function", "is missing; only calls of functions can be repeated to this model.");
                calls.Add(new ToolCall(Fields.Required(call, "id", at), Fields.Required(function, "name", $"{at}.function"), Fields.Text(function, "arguments", $"{at}.function") ?? "{}"));
            }
        }

        if (Fields.Member(message, "function_call") is { } old)
        {
            var name = Fields.Required(old, "name", $"{path}.function_call");
            calls.Add(new ToolCall($"call_{name}", name, Fields.Text(old, "arguments", $"{path}.function_call") ?? "{}"));
        }

        return calls;
    }
}
