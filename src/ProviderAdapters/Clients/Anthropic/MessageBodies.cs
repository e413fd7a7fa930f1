using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Writes messages in Anthropic's dialect, and the parts that a stream has in common with them.</summary>
internal static class MessageBodies
{
    /// <summary>A whole answer.</summary>
    public static byte[] Write(string id, AnswerHead head, IReadOnlyList<MessageBlock> blocks, string stopReason, string? stopText, TokenCounts tokens) =>
        ChatFrames.Write(json => WriteMembers(json, id, head, blocks, stopReason, tokens, stopText)).ToArray();

    /// <summary>Our own counts as the value of a usage member.</summary>
    public static byte[] Counts(TokenCounts tokens) => ChatFrames.Write(json => WriteCounts(json, tokens)).ToArray();

    public static void WriteMembers(
        Utf8JsonWriter json, string id, AnswerHead head, IReadOnlyList<MessageBlock> blocks, string? stopReason, TokenCounts tokens, string? stopText = null)
    {
        json.WriteString("id", id);
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WritePropertyName("model");
        json.WriteRawValue(head.Model.IsEmpty ? "\"\""u8 : head.Model.Span);
        json.WriteStartArray("content");
        foreach (var block in blocks)
        {
            json.WriteStartObject();
            WriteBlock(json, block, isStart: false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteReason(json, stopReason, stopText);
        json.WriteNull("container");
        json.WriteStartObject("usage");
        WriteCounts(json, tokens);
        json.WriteNull("cache_creation");
        json.WriteNull("server_tool_use");
        json.WriteString("service_tier", "standard");
        json.WriteNull("inference_geo");
        json.WriteEndObject();
    }

    /// <summary>The members of a block: all of it, or as it begins in a stream.</summary>
    public static void WriteBlock(Utf8JsonWriter json, MessageBlock block, bool isStart)
    {
        switch (block.Kind)
        {
            case BlockKind.Tool:
                json.WriteString("type", "tool_use");
                json.WriteString("id", block.ToolId);
                json.WriteString("name", block.ToolName);
                json.WritePropertyName("input");
                json.WriteRawValue(isStart ? "{}" : InputOf(block), skipInputValidation: true);
                break;
            case BlockKind.Thinking:
                json.WriteString("type", "thinking");
                json.WriteString("thinking", isStart ? "" : block.Text.ToString());
                json.WriteString("signature", "");
                break;
            default:
                json.WriteString("type", "text");
                json.WriteString("text", isStart ? "" : block.Text.ToString());
                if (!isStart) json.WriteNull("citations");
                break;
        }
    }

    public static void WriteReason(Utf8JsonWriter json, string? stopReason, string? stopText)
    {
        json.WriteString("stop_reason", stopReason);
        json.WriteString("stop_sequence", stopText);
        json.WritePropertyName("stop_details");
        json.WriteRawValue(stopReason == StopReasons.Refusal ? """{"type":"refusal","category":null,"explanation":null}"""u8 : "null"u8, skipInputValidation: true);
    }

    /// <summary>In Anthropic's arithmetic, where the input is only what no cache had to do with.</summary>
    public static void WriteCounts(Utf8JsonWriter json, TokenCounts tokens)
    {
        json.WriteNumber("input_tokens", tokens.Input - tokens.CachedInput - tokens.CacheWrite);
        json.WriteNumber("cache_creation_input_tokens", tokens.CacheWrite);
        json.WriteNumber("cache_read_input_tokens", tokens.CachedInput);
        json.WriteNumber("output_tokens", tokens.Output);
        if (tokens.Reasoning <= 0) return;

        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("thinking_tokens", tokens.Reasoning);
        json.WriteEndObject();
    }

    /// <summary>The arguments as the object that they should be; a model that was cut off, or that erred, leaves none.</summary>
    private static string InputOf(MessageBlock block)
    {
        var text = block.Text.ToString();
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object ? text : "{}";
        }
        catch (JsonException)
        {
            return "{}";
        }
    }
}
