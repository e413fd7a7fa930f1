using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>The parts of OpenAI's chat objects that all who speak the format write alike: tool calls, usage, an error where an answer is expected.</summary>
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

    public static void WriteError(Utf8JsonWriter json, ChatFamily family, Script script, string id)
    {
        var isQianfan = family == ChatFamily.Qianfan;
        json.WriteStartObject("error");
        json.WriteString("message", "The server had an error.");
        json.WriteString("type", isQianfan ? "Internal_error" : "server_error");
        if (!isQianfan) json.WriteNull("param");
        json.WriteString("code", script.Code ?? (isQianfan ? "internal_error" : null));
        json.WriteEndObject();
        if (isQianfan) json.WriteString("id", id);
    }
}
