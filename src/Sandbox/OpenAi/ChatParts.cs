using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>The parts of OpenAI's chat objects that all who speak the format write alike: tool calls and usage.</summary>
public static class ChatParts
{
    public static void WriteCalls(Utf8JsonWriter json, Reply reply, int choice)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in reply.Calls)
        {
            json.WriteStartObject();
            json.WriteString("id", $"call_{choice}{call.Id}");
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Id, type and name only with the first piece of a call.</summary>
    public static void WriteCallPiece(Utf8JsonWriter json, Reply reply, int choice, Piece piece)
    {
        var call = reply.Calls[piece.Call];
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", piece.Call);
        if (piece.IsFirst)
        {
            json.WriteString("id", $"call_{choice}{call.Id}");
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (piece.IsFirst) json.WriteString("name", call.Name);
        json.WriteString("arguments", piece.Text);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void WriteUsage(Utf8JsonWriter json, ClaimedUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteRawNumber("prompt_tokens", usage.PromptTokens);
        json.WriteRawNumber("completion_tokens", usage.CompletionTokens);
        json.WriteRawNumber("total_tokens", usage.TotalTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedTokens);
        if (usage.CacheWriteTokens > 0) json.WriteNumber("cache_write_tokens", usage.CacheWriteTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
