using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>The members that all chunks of an answer share, as raw JSON.</summary>
public sealed record AnswerHead
{
    public ReadOnlyMemory<byte> Id { get; init; }

    public ReadOnlyMemory<byte> Created { get; init; }

    public ReadOnlyMemory<byte> Model { get; init; }

    /// <summary>A head of ours, for an answer that came in another dialect.</summary>
    public static AnswerHead New(string model, DateTimeOffset now) => new()
    {
        Id = Encoding.UTF8.GetBytes($"\"chatcmpl-{Guid.CreateVersion7():N}\""),
        Created = Encoding.UTF8.GetBytes($"{now.ToUnixTimeSeconds()}"),
        Model = JsonSerializer.SerializeToUtf8Bytes(model),
    };

    /// <summary>The same answer with an id that begins as another route's do.</summary>
    internal AnswerHead Under(ReadOnlySpan<byte> prefix)
    {
        var start = Id.Span.StartsWith("\"chatcmpl-"u8) ? "\"chatcmpl-"u8.Length : 1;
        return Id.Length < 2 ? this : this with { Id = (byte[])[(byte)'"', .. prefix, .. Id.Span[start..]] };
    }
}

/// <summary>The two kinds of text answers in OpenAI's dialect.</summary>
public enum AnswerKind
{
    /// <summary>Chat completions: messages.</summary>
    Chat,

    /// <summary>The old completions: texts.</summary>
    Text,
}

/// <summary>Writes the frames and bodies that are ours and not the provider's: ends by our screening, usage that was counted here, errors.</summary>
public static class ChatFrames
{
    /// <summary>What an old completion calls itself, whole or in pieces.</summary>
    internal const string TextCompletion = "text_completion";
    private const string ContentFilter = "content_filter";

    // Nothing here is ever read as HTML, and Chinese text is half as long unescaped.
    internal static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Wraps data, which came from the provider or from here, as one event.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
    {
        output.Write("data: "u8);
        output.Write(data);
        output.Write("\n\n"u8);
    }

    /// <summary>An event without some of its bytes.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, Range without)
    {
        var (start, length) = without.GetOffsetAndLength(data.Length);
        output.Write("data: "u8);
        output.Write(data[..start]);
        output.Write(data[(start + length)..]);
        output.Write("\n\n"u8);
    }

    public static void WriteDone(IBufferWriter<byte> output) => output.Write("data: [DONE]\n\n"u8);

    /// <summary>Every client ignores it; it keeps what lies between us and them from closing a silent connection.</summary>
    public static void WriteHeartbeat(IBufferWriter<byte> output) => output.Write(": keep-alive\n\n"u8);

    /// <summary>Ends a chunk with one choice behind what a borrowed writer has written of it, and returns the writer.</summary>
    internal static void WriteChoiceEnd(IBufferWriter<byte> output, Utf8JsonWriter json, string? finishReason, bool withUsageNull)
    {
        json.Flush();
        output.Write(",\"logprobs\":null,\"finish_reason\":"u8);
        json.Reset(output);
        if (finishReason is null) json.WriteNullValue();
        else json.WriteStringValue(finishReason);
        json.Flush();
        ThreadJson.Return(json);
        output.Write(withUsageNull ? "}],\"usage\":null}\n\n"u8 : "}]}\n\n"u8);
    }

    /// <summary>The last chunk of a choice that our screening ended.</summary>
    public static void WriteFiltered(IBufferWriter<byte> output, AnswerHead head, int choice, bool withUsageNull, AnswerKind kind = AnswerKind.Chat) => WriteEvent(output, Write(json =>
    {
        WriteHead(json, head, ChunkOf(kind));
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        if (kind == AnswerKind.Text)
        {
            json.WriteString("text", "");
        }
        else
        {
            json.WriteStartObject("delta");
            json.WriteEndObject();
        }

        json.WriteNull("logprobs");
        json.WriteString("finish_reason", ContentFilter);
        json.WriteEndObject();
        json.WriteEndArray();
        if (withUsageNull) json.WriteNull("usage");
    }));

    /// <summary>The usage chunk, where the provider's own is missing or not to be believed.</summary>
    public static void WriteUsage(IBufferWriter<byte> output, AnswerHead head, TokenCounts tokens, AnswerKind kind = AnswerKind.Chat) => WriteEvent(output, Write(json =>
    {
        WriteHead(json, head, ChunkOf(kind));
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteUsage(json, tokens);
    }));

    /// <summary>The plain answer in place of one that our screening refused: every choice is empty.</summary>
    public static byte[] FilteredCompletion(AnswerHead head, IEnumerable<int> choices, TokenCounts tokens, AnswerKind kind = AnswerKind.Chat) => Write(json =>
    {
        WriteHead(json, head, kind == AnswerKind.Text ? TextCompletion : "chat.completion");
        json.WriteStartArray("choices");
        foreach (var choice in choices)
        {
            json.WriteStartObject();
            json.WriteNumber("index", choice);
            if (kind == AnswerKind.Text) json.WriteString("text", "");
            else WriteEmptyMessage(json);
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", ContentFilter);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteUsage(json, tokens);
    }).ToArray();

    private static string ChunkOf(AnswerKind kind) => kind == AnswerKind.Text ? TextCompletion : "chat.completion.chunk";

    private static void WriteEmptyMessage(Utf8JsonWriter json)
    {
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    internal static void WriteHead(Utf8JsonWriter json, AnswerHead head, string kind)
    {
        WriteRaw(json, "id", head.Id, "\"chatcmpl\""u8);
        json.WriteString("object", kind);
        WriteRaw(json, "created", head.Created, "0"u8);
        WriteRaw(json, "model", head.Model, "\"\""u8);
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value, ReadOnlySpan<byte> otherwise)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.IsEmpty ? otherwise : value.Span);
    }

    internal static void WriteUsage(Utf8JsonWriter json, TokenCounts tokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens.Input);
        json.WriteNumber("completion_tokens", tokens.Output);
        json.WriteNumber("total_tokens", (long)tokens.Input + tokens.Output);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", tokens.CachedInput);
        if (tokens.CacheWrite > 0) json.WriteNumber("cache_write_tokens", tokens.CacheWrite);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", tokens.Reasoning);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    internal static ReadOnlySpan<byte> Write(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Unescaped))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
