using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aigc2d.Sandbox.Chats;

/// <summary>Writes OpenAI's completion and chunk objects.</summary>
public static class ChatJson
{
    // As providers write it: quotes and non-ASCII text unescaped where JSON allows.
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Completion(ChatReply reply) => Write(json =>
    {
        WriteHead(json, reply, "chat.completion");
        json.WriteStartArray("choices");
        for (var choice = 0; choice < reply.Choices; choice++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", choice);
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            if (reply.ToolName is null) json.WriteString("content", string.Concat(reply.Pieces));
            else json.WriteNull("content");
            json.WriteNull("refusal");
            if (reply.ToolName is not null) WriteToolCall(json, reply, choice, string.Concat(reply.Pieces), first: true, inStream: false);
            json.WriteEndObject();
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", reply.FinishReason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (reply.Usage is { } usage) WriteUsage(json, usage);
        json.WriteString("system_fingerprint", "fp_sandbox");
    });

    public static byte[] RoleChunk(ChatReply reply, int choice, bool includeUsage) => Chunk(reply, choice, null, includeUsage, json =>
    {
        json.WriteString("role", "assistant");
        if (reply.ToolName is null) json.WriteString("content", "");
        else json.WriteNull("content");
        json.WriteNull("refusal");
    });

    public static byte[] PieceChunk(ChatReply reply, int choice, string piece, bool first, bool includeUsage) => Chunk(reply, choice, null, includeUsage, json =>
    {
        if (reply.ToolName is null) json.WriteString("content", piece);
        else WriteToolCall(json, reply, choice, piece, first, inStream: true);
    });

    public static byte[] FinishChunk(ChatReply reply, int choice, bool includeUsage) => Chunk(reply, choice, reply.FinishReason, includeUsage, _ => { });

    public static byte[] UsageChunk(ChatReply reply, ClaimedUsage usage) => Write(json =>
    {
        WriteHead(json, reply, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteUsage(json, usage);
    });

    private static byte[] Chunk(ChatReply reply, int choice, string? finishReason, bool includeUsage, Action<Utf8JsonWriter> writeDelta) => Write(json =>
    {
        WriteHead(json, reply, "chat.completion.chunk");
        json.WriteString("system_fingerprint", "fp_sandbox");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteStartObject("delta");
        writeDelta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (includeUsage) json.WriteNull("usage");
    });

    private static void WriteHead(Utf8JsonWriter json, ChatReply reply, string kind)
    {
        json.WriteString("id", reply.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", reply.Created);
        json.WriteString("model", reply.Model);
    }

    private static void WriteToolCall(Utf8JsonWriter json, ChatReply reply, int choice, string arguments, bool first, bool inStream)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        if (inStream) json.WriteNumber("index", 0);
        if (first)
        {
            json.WriteString("id", $"call_{choice}_{reply.Id[^8..]}");
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (first) json.WriteString("name", reply.ToolName);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, ClaimedUsage usage)
    {
        json.WriteStartObject("usage");
        json.WritePropertyName("prompt_tokens");
        json.WriteRawValue(usage.PromptTokens);
        json.WritePropertyName("completion_tokens");
        json.WriteRawValue(usage.CompletionTokens);
        json.WritePropertyName("total_tokens");
        json.WriteRawValue(Total(usage));
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Total(ClaimedUsage usage) =>
        (decimal.Parse(usage.PromptTokens, CultureInfo.InvariantCulture)
            + decimal.Parse(usage.CompletionTokens, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);

    private static byte[] Write(Action<Utf8JsonWriter> writeMembers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Unescaped))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
