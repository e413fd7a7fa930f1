using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>Writes the neutral call as the body of Anthropic's <c>POST /v1/messages</c>.</summary>
internal static class MessagesRequest
{
    private const int RoomBytes = 1024;
    private const double LeastTopPWhileThinking = 0.95;
    private const string JsonHint = "Answer with one valid JSON object and with nothing else.";

    /// <exception cref="UntranslatableException">The call asks for what Anthropic cannot do.</exception>
    public static ReadOnlyMemory<byte> Write(ChatRequest request, string model, ModelFacts facts, int bodyBytes)
    {
        if (request.Choices > 1) throw new UntranslatableException("n", "must be 1 for this model, whose provider gives one answer per call. Send a request for each answer.");
        if (request.LogProbs) throw new UntranslatableException("logprobs", "must be false for this model, whose provider does not tell probabilities.");

        if (!facts.TakesPrefill) RefusePrefill(request.Messages);

        var maxTokens = request.MaxOutputTokens ?? facts.MaxOutputTokens;
        var thinking = ThinkingPlan.Of(request, facts, maxTokens);
        var buffer = new ArrayBufferWriter<byte>(bodyBytes + RoomBytes);
        using var json = new Utf8JsonWriter(buffer, ChatFrames.Unescaped);
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteNumber("max_tokens", maxTokens);
        if (request.Stream) json.WriteBoolean("stream", true);
        WriteSystem(json, request);
        MessageTurns.Write(json, request.Messages);
        WriteTools(json, request);
        WriteSampling(json, request, facts.Sampling, thinking.IsOn);
        WriteThinking(json, thinking);
        WriteOutputConfig(json, request.Format?.Schema, thinking.Effort);
        WriteRest(json, request);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void RefusePrefill(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.LastOrDefault(message => message.Role != ChatRole.System) is not { Role: ChatRole.Assistant, ToolCalls.Count: 0 } last) return;
        if (last.Parts.LastOrDefault(part => part is TextPart text && !string.IsNullOrWhiteSpace(text.Text)) is { } begun)
        {
            throw new UntranslatableException(begun.Path, "begins the answer, and this model does not go on with one that was begun. Let the user have the last word.");
        }
    }

    /// <summary>Instructions stand apart from the conversation, wherever in it they were given.</summary>
    private static void WriteSystem(Utf8JsonWriter json, ChatRequest request)
    {
        var texts = new List<string>();
        foreach (var message in request.Messages)
        {
            if (message.Role != ChatRole.System) continue;
            foreach (var part in message.Parts)
            {
                texts.Add(part is TextPart text ? text.Text : throw new UntranslatableException(part.Path, "must be text: a system message has nothing else."));
            }
        }

        if (request.Format is { Schema: null }) texts.Add(JsonHint);
        texts.RemoveAll(string.IsNullOrWhiteSpace);
        if (texts.Count == 0) return;

        json.WriteStartArray("system");
        foreach (var text in texts) ContentBlocks.WriteText(json, text);
        json.WriteEndArray();
    }

    private static void WriteTools(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Tools.Count == 0) return;

        json.WriteStartArray("tools");
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            if (tool.Description is { } description) json.WriteString("description", description);
            json.WritePropertyName("input_schema");
            WriteSchema(json, tool.Parameters);
            if (tool.Strict is { } strict) json.WriteBoolean("strict", strict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteToolChoice(json, request.ToolChoice, request.ParallelToolCalls == false);
    }

    private static void WriteSchema(Utf8JsonWriter json, JsonElement? parameters)
    {
        if (parameters is not { } schema || schema.GetPropertyCount() == 0)
        {
            json.WriteRawValue("""{"type":"object","properties":{}}"""u8, skipInputValidation: true);
        }
        else if (Fields.Member(schema, "type") is not null)
        {
            WriteRaw(json, schema);
        }
        else
        {
            // Anthropic insists on the type that OpenAI implies.
            json.WriteRawValue([.. """{"type":"object","""u8, .. JsonMarshal.GetRawUtf8Value(schema)[1..]], skipInputValidation: true);
        }
    }

    private static void WriteToolChoice(Utf8JsonWriter json, ToolChoice? choice, bool oneAtATime)
    {
        if (choice is null && !oneAtATime) return;

        json.WriteStartObject("tool_choice");
        json.WriteString("type", choice?.Kind switch
        {
            ToolChoiceKind.None => "none",
            ToolChoiceKind.Required => "any",
            ToolChoiceKind.Function => "tool",
            _ => "auto",
        });
        if (choice is { Kind: ToolChoiceKind.Function }) json.WriteString("name", choice.Name);
        if (oneAtATime && choice is not { Kind: ToolChoiceKind.None }) json.WriteBoolean("disable_parallel_tool_use", true);
        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatRequest request, SamplingRule rule, bool isThinking)
    {
        if (rule == SamplingRule.None) return;

        var temperature = isThinking ? null : request.Temperature;
        if (temperature is { } warmth) json.WriteNumber("temperature", Math.Min(warmth, 1));
        var takesTopP = (temperature is null || rule == SamplingRule.All) && (!isThinking || request.TopP >= LeastTopPWhileThinking);
        if (takesTopP && request.TopP is { } topP) json.WriteNumber("top_p", topP);
        if (!isThinking && Fields.Whole(request.Root, "top_k") is { } topK) json.WriteNumber("top_k", topK);
    }

    private static void WriteThinking(Utf8JsonWriter json, ThinkingPlan thinking)
    {
        if (thinking.Given is { } given)
        {
            json.WritePropertyName("thinking");
            WriteRaw(json, given);
        }
        else if (thinking.Type is { } type)
        {
            json.WriteStartObject("thinking");
            json.WriteString("type", type);
            if (thinking.BudgetTokens > 0) json.WriteNumber("budget_tokens", thinking.BudgetTokens);
            json.WriteEndObject();
        }
    }

    private static void WriteOutputConfig(Utf8JsonWriter json, JsonElement? schema, string? effort)
    {
        if (schema is null && effort is null) return;

        json.WriteStartObject("output_config");
        if (effort is not null) json.WriteString("effort", effort);
        if (schema is { } given)
        {
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            json.WritePropertyName("schema");
            WriteRaw(json, given);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, ChatRequest request)
    {
        var stops = request.Stop.Where(stop => !string.IsNullOrWhiteSpace(stop)).ToArray();
        if (stops.Length > 0)
        {
            json.WriteStartArray("stop_sequences");
            foreach (var stop in stops) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        if (request.User is { Length: > 0 } user)
        {
            json.WriteStartObject("metadata");
            json.WriteString("user_id", HashOf(user));
            json.WriteEndObject();
        }

        if (Fields.Text(request.Root, "service_tier") is ("auto" or "default") and var tier) json.WriteString("service_tier", tier == "auto" ? tier : "standard_only");
    }

    /// <summary>The provider may tell users apart, not learn who they are.</summary>
    private static string HashOf(string user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"aigc2d-user:{user}")));

    private static void WriteRaw(Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
