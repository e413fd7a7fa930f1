using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Writes the neutral call as a body of OpenAI's chat completions. The model's name is put in by channel, where it differs.</summary>
internal static class OpenAiChatRequest
{
    private const int MostStops = 4;

    /// <exception cref="UntranslatableException">The call asks for what OpenAI's dialect has no words for.</exception>
    public static byte[] Write(ChatRequest request)
    {
        var output = new ArrayBufferWriter<byte>(4 * 1024);
        using (var json = new Utf8JsonWriter(output, ChatFrames.Unescaped))
        {
            json.WriteStartObject();
            json.WriteString("model", "");
            json.WriteStartArray("messages");
            foreach (var message in request.Messages) OpenAiMessages.Write(json, message);
            json.WriteEndArray();
            WriteTools(json, request);
            WriteSampling(json, request);
            if (request.Format is { } format) WriteFormat(json, format);
            if (request.ReasoningEffort is { } effort) json.WriteString("reasoning_effort", effort);
            if (request.User is { Length: > 0 } user) json.WriteString("user", user);
            if (request.Stream)
            {
                json.WriteBoolean("stream", true);
                json.WriteStartObject("stream_options");
                json.WriteBoolean("include_usage", true);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteTools(Utf8JsonWriter json, ChatRequest request)
    {
        // A choice without tools is refused there.
        if (request.Tools.Count == 0) return;

        json.WriteStartArray("tools");
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", tool.Name);
            if (tool.Description is { } description) json.WriteString("description", description);
            if (tool.Parameters is { } parameters) WriteMember(json, "parameters", parameters);
            if (tool.Strict is { } strict) json.WriteBoolean("strict", strict);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (request.ToolChoice is { } choice) WriteChoice(json, choice);
        if (request.ParallelToolCalls is { } parallel) json.WriteBoolean("parallel_tool_calls", parallel);
    }

    private static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (choice.Kind != ToolChoiceKind.Function)
        {
            json.WriteString("tool_choice", choice.Kind switch
            {
                ToolChoiceKind.None => "none",
                ToolChoiceKind.Required => "required",
                _ => "auto",
            });
            return;
        }

        json.WriteStartObject("tool_choice");
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", choice.Name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatRequest request)
    {
        // Reasoning models refuse the old name, and where both are known the new one is the limit on everything.
        if (request.MaxOutputTokens is { } most) json.WriteNumber("max_completion_tokens", most);
        if (request.Temperature is { } temperature) json.WriteNumber("temperature", temperature);
        if (request.TopP is { } topP) json.WriteNumber("top_p", topP);
        if (request.PresencePenalty is { } presence) json.WriteNumber("presence_penalty", presence);
        if (request.FrequencyPenalty is { } frequency) json.WriteNumber("frequency_penalty", frequency);
        if (request.Choices > 1) json.WriteNumber("n", request.Choices);
        if (request.LogProbs) json.WriteBoolean("logprobs", true);
        if (request.Stop.Count == 0) return;

        json.WriteStartArray("stop");
        foreach (var stop in request.Stop.Take(MostStops)) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    private static void WriteFormat(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("response_format");
        json.WriteString("type", format.Schema is null ? "json_object" : "json_schema");
        if (format.Schema is { } schema)
        {
            json.WriteStartObject("json_schema");
            json.WriteString("name", format.Name ?? "answer");
            WriteMember(json, "schema", schema);
            if (format.Strict is { } strict) json.WriteBoolean("strict", strict);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Byte for byte: no number or text in it is read and written anew.</summary>
    private static void WriteMember(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }
}
