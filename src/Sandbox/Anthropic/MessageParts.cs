using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.Anthropic;

/// <summary>The parts of Anthropic's objects that messages and their events write alike: why an answer ends, usage, an error.</summary>
public static class MessageParts
{
    public static void WriteEnding(Utf8JsonWriter json, Reply reply)
    {
        json.WriteString("stop_reason", reply.Script.FinishReason ?? reply.Ending switch
        {
            Ending.Filter => "refusal",
            Ending.Length => "max_tokens",
            Ending.Calls => "tool_use",
            Ending.StopText => "stop_sequence",
            _ => "end_turn",
        });
        json.WriteString("stop_sequence", reply.Ending == Ending.StopText ? reply.StopText : null);
        if (reply.Ending != Ending.Filter) return;

        json.WriteStartObject("stop_details");
        json.WriteString("type", "refusal");
        json.WriteString("category", "general_harms");
        json.WriteString("explanation", "The sandbox was told to refuse.");
        json.WriteEndObject();
    }

    public static void WriteUsage(Utf8JsonWriter json, ClaimedUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteRawNumber("input_tokens", usage.UncachedPromptTokens);
        json.WriteNumber("cache_creation_input_tokens", usage.CacheWriteTokens);
        json.WriteNumber("cache_read_input_tokens", usage.CachedTokens);
        json.WriteStartObject("cache_creation");
        json.WriteNumber("ephemeral_5m_input_tokens", usage.CacheWriteTokens);
        json.WriteNumber("ephemeral_1h_input_tokens", 0);
        json.WriteEndObject();
        json.WriteRawNumber("output_tokens", usage.CompletionTokens);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("thinking_tokens", usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNull("server_tool_use");
        json.WriteString("service_tier", "standard");
        json.WriteEndObject();
    }

    public static void WriteErrorMembers(Utf8JsonWriter json, Reply reply)
    {
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", reply.Script.Code ?? "overloaded_error");
        json.WriteString("message", "Overloaded");
        json.WriteEndObject();
    }
}
