using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Reads the system prompt and the turns of a body of Anthropic's messages.</summary>
internal static class TurnsReader
{
    private const string Error = "Error: ";

    public static List<ChatMessage> Read(JsonElement root)
    {
        var messages = new List<ChatMessage>();
        if (Fields.Member(root, "system") is { } system) messages.Add(ReadSystem(system, "system"));

        var listed = Fields.Member(root, "messages") ?? throw new UntranslatableException("messages", "is missing.");
        foreach (var (message, path) in Fields.Items(listed, "messages"))
        {
            var content = Fields.Member(message, "content") ?? throw new UntranslatableException($"{path}.content", "is missing.");
            switch (Fields.Required(message, "role", path))
            {
                case "user":
                    AddUser(messages, content, $"{path}.content");
                    break;
                case "assistant":
                    AddAssistant(messages, content, $"{path}.content");
                    break;
                case "system":
                    messages.Add(ReadSystem(content, $"{path}.content"));
                    break;
                default:
                    throw new UntranslatableException($"{path}.role", "must be 'user', 'assistant' or 'system'.");
            }
        }

        return messages;
    }

    private static ChatMessage ReadSystem(JsonElement content, string path)
    {
        if (content.ValueKind == JsonValueKind.String) return new ChatMessage(ChatRole.System, [new TextPart(path, Fields.TextOf(content, path))]);

        var texts = Fields.Items(content, path).Select(block => Fields.Text(block.Item, "type", block.Path) is "text" or null
            ? Fields.Required(block.Item, "text", block.Path)
            : throw new UntranslatableException($"{block.Path}.type", "must be 'text': a system prompt has nothing else."));
        return new ChatMessage(ChatRole.System, [new TextPart(path, string.Join("\n\n", texts))]);
    }

    /// <summary>Results of tools come first, each as a message of its own; what they show that is no text goes to the user's words behind them.</summary>
    private static void AddUser(List<ChatMessage> messages, JsonElement content, string path)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            messages.Add(new ChatMessage(ChatRole.User, [new TextPart(path, Fields.TextOf(content, path))]));
            return;
        }

        var parts = new List<ContentPart>();
        foreach (var (block, at) in Fields.Items(content, path))
        {
            if (Fields.Required(block, "type", at) == "tool_result") messages.Add(ReadResult(block, at, parts));
            else parts.AddRange(BlockReader.Read(block, at));
        }

        if (parts.Count > 0) messages.Add(new ChatMessage(ChatRole.User, parts));
    }

    private static ChatMessage ReadResult(JsonElement result, string path, List<ContentPart> shown)
    {
        var parts = new List<ContentPart>();
        var content = Fields.Member(result, "content");
        if (content is { ValueKind: JsonValueKind.String } text) parts.Add(new TextPart($"{path}.content", Fields.TextOf(text, $"{path}.content")));
        else if (content is { } blocks) parts.AddRange(Fields.Items(blocks, $"{path}.content").SelectMany(block => BlockReader.Read(block.Item, block.Path)));

        shown.AddRange(parts.Where(part => part is not TextPart));
        var said = string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));
        if (Fields.Flag(result, "is_error", path) == true) said = Error + said;
        return new ChatMessage(ChatRole.Tool, [new TextPart($"{path}.content", said)]) { ToolCallId = Fields.Required(result, "tool_use_id", path) };
    }

    /// <summary>What it thought is signed for Anthropic alone, and dropped.</summary>
    private static void AddAssistant(List<ChatMessage> messages, JsonElement content, string path)
    {
        var (parts, calls) = (new List<ContentPart>(), new List<ToolCall>());
        if (content.ValueKind == JsonValueKind.String)
        {
            parts.Add(new TextPart(path, Fields.TextOf(content, path)));
        }
        else
        {
            foreach (var (block, at) in Fields.Items(content, path))
            {
                switch (Fields.Required(block, "type", at))
                {
                    case "thinking" or "redacted_thinking":
                        break;
                    case "tool_use":
                        var input = Fields.Member(block, "input") is { } given ? Fields.JsonOf(given, $"{at}.input") : "{}";
                        calls.Add(new ToolCall(Fields.Required(block, "id", at), Fields.Required(block, "name", at), input));
                        break;
                    default:
                        parts.AddRange(BlockReader.Read(block, at));
                        break;
                }
            }
        }

        if (parts.Count > 0 || calls.Count > 0) messages.Add(new ChatMessage(ChatRole.Assistant, parts) { ToolCalls = calls });
    }
}
