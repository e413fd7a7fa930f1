using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Writes the messages of the neutral call in OpenAI's words.</summary>
internal static class OpenAiMessages
{
    /// <exception cref="UntranslatableException">A part stands where OpenAI's dialect has no place for it.</exception>
    public static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role", message switch
        {
            { Role: ChatRole.System } => "system",
            { Role: ChatRole.User } => "user",
            { Role: ChatRole.Assistant } => "assistant",
            { ToolCallId: null } => "function",
            _ => "tool",
        });
        if (message.Role == ChatRole.Tool && message.ToolCallId is { } id) json.WriteString("tool_call_id", id);
        if (message.Name is { Length: > 0 } name && (message.Role != ChatRole.Tool || message.ToolCallId is null)) json.WriteString("name", name);
        WriteContent(json, message);
        if (message.ToolCalls.Count > 0) WriteCalls(json, message.ToolCalls);
        json.WriteEndObject();
    }

    /// <summary>Text alone is one string, which every model takes; only what a user shows needs parts.</summary>
    private static void WriteContent(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Parts.FirstOrDefault(part => part is not TextPart) is not { } other)
        {
            if (message.Parts.Count == 0 && message.ToolCalls.Count > 0) json.WriteNull("content");
            else json.WriteString("content", message.Text);
            return;
        }

        if (message.Role != ChatRole.User) throw new UntranslatableException(other.Path, "must be text: only messages of the user can show anything else to this model.");
        json.WriteStartArray("content");
        foreach (var part in message.Parts) WritePart(json, part);
        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, ContentPart part)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                break;
            case ImagePart image:
                json.WriteString("type", "image_url");
                json.WriteStartObject("image_url");
                json.WriteString("url", image.Url);
                if (image.Detail is { } detail) json.WriteString("detail", detail);
                json.WriteEndObject();
                break;
            case FilePart file:
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                if (file.Name is { } name) json.WriteString("filename", name);
                if (file.Data is { } data) json.WriteString("file_data", data);
                if (file.Id is { } id) json.WriteString("file_id", id);
                json.WriteEndObject();
                break;
            case AudioPart audio:
                json.WriteString("type", "input_audio");
                json.WriteStartObject("input_audio");
                json.WriteString("data", audio.Data);
                json.WriteString("format", audio.Format);
                json.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"Unhandled part {part.GetType().Name}.");
        }

        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<ToolCall> calls)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
