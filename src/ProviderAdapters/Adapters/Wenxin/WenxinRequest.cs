using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>The neutral call in the words of the first generation of the interface (docs/adapters.md has the table).</summary>
internal static class WenxinRequest
{
    private const int MaxStops = 4;
    private const int MaxStopLength = 20;
    private const int MinOutputTokens = 2;
    private static readonly string[] OwnFlags = ["enable_citation", "enable_trace", "enable_system_memory"];

    /// <summary>Characters stay as they are: escaped, a Chinese text would be twice as long.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="UntranslatableException">The call asks for what this generation cannot do.</exception>
    public static ReadOnlyMemory<byte> Write(ChatRequest request, WenxinModel model)
    {
        RefuseWhatCannotBe(request, model);
        var turns = WenxinTurns.Of(request.Messages);
        var system = SystemOf(turns.System, request.Format);
        CheckLength(turns, system, model);

        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Options.Encoder }))
        {
            json.WriteStartObject();
            WriteMessages(json, turns.Turns, model.TakesSystem ? "" : system);
            if (model.TakesSystem && system.Length > 0) json.WriteString("system", system);
            WriteSampling(json, request, model);
            WriteFunctions(json, request);
            if (request.Format is not null) json.WriteString("response_format", "json_object");
            if (request.User is { Length: > 0 } user) json.WriteString("user_id", user);
            WriteSearch(json, request, model);
            json.WriteBoolean("stream", request.Stream);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void RefuseWhatCannotBe(ChatRequest request, WenxinModel model)
    {
        if (request.Choices > 1) throw new UntranslatableException("n", "must be 1: this model gives one answer to a call. Send the call several times instead.");
        if (request.LogProbs) throw new UntranslatableException("logprobs", "must be false: this model does not tell probabilities. Leave it out, or call another model.");
        if (request.Stop.Count > MaxStops) throw new UntranslatableException("stop", $"must list at most {MaxStops} texts.");
        if (request.Stop.Any(stop => stop.Length > MaxStopLength)) throw new UntranslatableException("stop", $"must list texts of at most {MaxStopLength} characters.");
        if (model.TakesFunctions == false && request.Tools.Count > 0 && request.ToolChoice?.Kind != ToolChoiceKind.None)
        {
            throw new UntranslatableException("tools", "cannot be called by this model. Leave them out, or call a model that has functions.");
        }
    }

    private static string SystemOf(string instructions, ResponseFormat? format)
    {
        if (format?.Schema is not { } schema) return instructions;
        var wish = $"Answer with one JSON object and nothing else. It must match this JSON schema: {Fields.JsonOf(schema, "response_format.json_schema.schema")}";
        return instructions.Length == 0 ? wish : $"{instructions}\n{wish}";
    }

    private static void CheckLength(WenxinTurns turns, string system, WenxinModel model)
    {
        if (model.MaxCharacters is not { } most) return;
        var characters = turns.Turns.Sum(turn => Characters(turn.Content)) + Characters(system);
        if (characters <= most) return;
        throw new UntranslatableException(
            "messages", $"have {characters} characters together; this model takes {most} at most. Shorten them, or call a model with a larger context.")
        {
            Code = "context_length_exceeded",
        };
    }

    /// <summary>The provider counts characters, and one beyond the basic plane as one.</summary>
    private static long Characters(string text)
    {
        var count = 0L;
        foreach (var c in text) count += char.IsLowSurrogate(c) ? 0 : 1;
        return count;
    }

    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<WenxinTurn> turns, string before)
    {
        json.WriteStartArray("messages");
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn.Role);
            if (turn.Name is { } name) json.WriteString("name", name);
            json.WriteString("content", before.Length == 0 ? turn.Content : $"{before}\n{turn.Content}");
            before = "";
            if (turn.Call is { } call)
            {
                json.WriteStartObject("function_call");
                json.WriteString("name", call.Name);
                json.WriteString("arguments", call.Arguments);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSampling(Utf8JsonWriter json, ChatRequest request, WenxinModel model)
    {
        // Zero is refused; the least that is taken comes nearest to it.
        if (request.Temperature is { } temperature) json.WriteNumber("temperature", Math.Clamp(temperature, 0.01, 1));
        if (request.TopP is { } topP) json.WriteNumber("top_p", Math.Clamp(topP, 0, 1));
        if (PenaltyOf(request) is { } penalty) json.WriteNumber("penalty_score", penalty);
        if (request.MaxOutputTokens is { } most) json.WriteNumber("max_output_tokens", Math.Clamp(most, MinOutputTokens, model.MaxOutputTokens ?? int.MaxValue));
        if (request.Stop.Count == 0) return;

        json.WriteStartArray("stop");
        foreach (var stop in request.Stop) json.WriteStringValue(stop);
        json.WriteEndArray();
    }

    /// <summary>Two penalties of -2 to 2 become one score of 1 to 2: the stronger of them counts. The provider's own member goes before both.</summary>
    private static double? PenaltyOf(ChatRequest request)
    {
        if (Fields.Number(request.Root, "penalty_score") is { } own) return Math.Clamp(own, 1, 2);
        var (presence, frequency) = (request.PresencePenalty ?? 0, request.FrequencyPenalty ?? 0);
        var penalty = Math.Abs(presence) > Math.Abs(frequency) ? presence : frequency;
        return penalty == 0 ? null : Math.Clamp(penalty / 4 + 1.5, 1, 2);
    }

    private static void WriteFunctions(Utf8JsonWriter json, ChatRequest request)
    {
        if (request.Tools.Count == 0 || request.ToolChoice?.Kind == ToolChoiceKind.None) return;

        json.WriteStartArray("functions");
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description is { Length: > 0 } description ? description : tool.Name);
            WriteParameters(json, tool.Parameters);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (request.ToolChoice is not { Kind: ToolChoiceKind.Function } choice) return;

        json.WriteStartObject("tool_choice");
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", choice.Name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A schema must say that it is of an object, and which members that has, be it none.</summary>
    private static void WriteParameters(Utf8JsonWriter json, JsonElement? parameters)
    {
        json.WriteStartObject("parameters");
        if (parameters is not { } schema || !schema.TryGetProperty("type", out _)) json.WriteString("type", "object");
        if (parameters is { } given)
        {
            foreach (var member in given.EnumerateObject()) member.WriteTo(json);
        }

        if (parameters is not { } described || !described.TryGetProperty("properties", out _))
        {
            json.WriteStartObject("properties");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Searching costs extra and makes answers differ from day to day: only who asks for it gets it.</summary>
    private static void WriteSearch(Utf8JsonWriter json, ChatRequest request, WenxinModel model)
    {
        if ((Fields.Flag(request.Root, "disable_search") ?? (model.Searches ? true : null)) is { } disable) json.WriteBoolean("disable_search", disable);
        foreach (var name in OwnFlags)
        {
            if (Fields.Flag(request.Root, name) is { } flag) json.WriteBoolean(name, flag);
        }
    }
}
