using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>
/// Writes the messages as Anthropic wants them: the user begins, the two take turns, and results of tools come first in the user's turn. Messages
/// of one side in a row become one turn.
/// </summary>
internal sealed class MessageTurns(Utf8JsonWriter json)
{
    /// <summary>What stands where somebody said nothing but must have said something.</summary>
    private const string Nothing = "...";

    private readonly ToolIds _ids = new();

    public static void Write(Utf8JsonWriter json, IReadOnlyList<ChatMessage> messages) => new MessageTurns(json).Write(messages);

    private void Write(IReadOnlyList<ChatMessage> messages)
    {
        json.WriteStartArray("messages");
        var spoken = new List<(ChatMessage Message, int Index)>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role != ChatRole.System && !IsEmptyAnswer(messages[i])) spoken.Add((messages[i], i));
        }

        if (spoken.Count == 0 || spoken[0].Message.Role == ChatRole.Assistant) WriteUserTurn([]);
        for (var start = 0; start < spoken.Count;)
        {
            var isAssistant = spoken[start].Message.Role == ChatRole.Assistant;
            var end = start + 1;
            while (end < spoken.Count && (spoken[end].Message.Role == ChatRole.Assistant) == isAssistant) end++;
            var turn = spoken[start..end];
            if (isAssistant) WriteAssistantTurn(turn, isLast: end == spoken.Count);
            else WriteUserTurn(turn);
            start = end;
        }

        json.WriteEndArray();
    }

    private static bool IsEmptyAnswer(ChatMessage message) =>
        message.Role == ChatRole.Assistant && message.ToolCalls.Count == 0 && message.Parts.All(IsBlank);

    private static bool IsBlank(ContentPart part) => part is TextPart text && string.IsNullOrWhiteSpace(text.Text);

    private void WriteUserTurn(List<(ChatMessage Message, int Index)> turn)
    {
        var isEmpty = true;
        Open("user");
        foreach (var (message, _) in turn)
        {
            if (message.Role != ChatRole.Tool) continue;
            WriteToolResult(message);
            isEmpty = false;
        }

        foreach (var (message, _) in turn)
        {
            if (message.Role != ChatRole.User) continue;
            foreach (var part in message.Parts) isEmpty &= !ContentBlocks.TryWrite(json, part);
        }

        if (isEmpty) ContentBlocks.WriteText(json, Nothing);
        Close();
    }

    private void WriteToolResult(ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_result");
        json.WriteString("tool_use_id", _ids.OfResult(message.ToolCallId ?? $"call_{message.Name}"));
        if (message.Parts.All(part => part is TextPart))
        {
            if (message.Text is { Length: > 0 } text) json.WriteString("content", text);
        }
        else
        {
            json.WriteStartArray("content");
            foreach (var part in message.Parts) ContentBlocks.TryWrite(json, part);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>An answer that is to be continued must not end with white space.</summary>
    private void WriteAssistantTurn(List<(ChatMessage Message, int Index)> turn, bool isLast)
    {
        Open("assistant");
        foreach (var (message, index) in turn)
        {
            for (var i = 0; i < message.Parts.Count; i++)
            {
                if (message.Parts[i] is not TextPart part) throw new UntranslatableException(message.Parts[i].Path, "must be text: the model answered nothing else.");
                if (IsBlank(part)) continue;
                var isEnd = isLast && index == turn[^1].Index && message.ToolCalls.Count == 0 && message.Parts.Skip(i + 1).All(IsBlank);
                ContentBlocks.WriteText(json, isEnd ? part.Text.TrimEnd() : part.Text);
            }

            for (var i = 0; i < message.ToolCalls.Count; i++) WriteToolUse(message.ToolCalls[i], $"messages[{index}].tool_calls[{i}].function.arguments");
        }

        Close();
    }

    private void WriteToolUse(ToolCall call, string path)
    {
        json.WriteStartObject();
        json.WriteString("type", "tool_use");
        json.WriteString("id", _ids.OfCall(call.Id));
        json.WriteString("name", call.Name);
        json.WritePropertyName("input");
        if (string.IsNullOrWhiteSpace(call.Arguments)) json.WriteRawValue("{}"u8, skipInputValidation: true);
        else if (IsObject(call.Arguments)) json.WriteRawValue(call.Arguments, skipInputValidation: true);
        else throw new UntranslatableException(path, "must be a JSON object, written as a string.");
        json.WriteEndObject();
    }

    private static bool IsObject(string arguments)
    {
        try
        {
            return JsonElement.Parse(arguments).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Open(string role)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteStartArray("content");
    }

    private void Close()
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
