using System.Buffers;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>An answer of another family in OpenAI's words: chunks of a stream, or one completion.</summary>
/// <param name="head">What every chunk says of the answer; it must not change once the first was written.</param>
/// <param name="includeUsage">Whether the client asked for the usage of a stream.</param>
internal sealed class TranslatedChunks(Func<AnswerHead> head, bool includeUsage) : IAnswerWriter
{
    private readonly HashSet<int> _begun = [];

    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read)
    {
        foreach (var (choice, _) in read.Choices)
        {
            if (_begun.Add(choice)) WriteChunk(output, choice, null, static json => WriteRole(json));
        }

        foreach (var delta in read.Deltas) WriteChunk(output, delta.Choice, null, json => WriteDelta(json, delta));
        foreach (var (choice, finishReason) in read.Choices)
        {
            if (finishReason is not null) WriteChunk(output, choice, finishReason, static _ => { });
        }
    }

    public void WriteFiltered(IBufferWriter<byte> output, int choice) => ChatFrames.WriteFiltered(output, head(), choice, includeUsage);

    public void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed)
    {
        if (includeUsage) ChatFrames.WriteUsage(output, head(), tokens);
        ChatFrames.WriteDone(output);
    }

    public ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens) => ChatFrames.Write(json =>
    {
        ChatFrames.WriteHead(json, head(), "chat.completion");
        json.WriteStartArray("choices");
        foreach (var (choice, finishReason) in read.Choices)
        {
            json.WriteStartObject();
            json.WriteNumber("index", choice);
            json.WriteStartObject("message");
            WriteMessage(json, [.. read.Deltas.Where(delta => delta.Choice == choice)]);
            json.WriteEndObject();
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", finishReason ?? "stop");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        ChatFrames.WriteUsage(json, tokens);
    }).ToArray();

    public ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens) =>
        ChatFrames.FilteredCompletion(head(), read.Choices.Select(choice => choice.Choice), tokens);

    private void WriteChunk(IBufferWriter<byte> output, int choice, string? finishReason, Action<Utf8JsonWriter> writeDelta) => ChatFrames.WriteEvent(output, ChatFrames.Write(json =>
    {
        ChatFrames.WriteHead(json, head(), "chat.completion.chunk");
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
    }));

    private static void WriteRole(Utf8JsonWriter json)
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
    }

    private static void WriteDelta(Utf8JsonWriter json, AnswerDelta delta)
    {
        switch (delta.Kind)
        {
            case DeltaKind.Text:
                json.WriteString("content", delta.Text);
                break;
            case DeltaKind.Thought:
                json.WriteString("reasoning_content", delta.Text);
                break;
            case DeltaKind.Refusal:
                json.WriteString("refusal", delta.Text);
                break;
            case DeltaKind.ToolStart or DeltaKind.ToolArguments:
                json.WriteStartArray("tool_calls");
                WriteToolCall(json, delta.ToolIndex, delta.Kind == DeltaKind.ToolStart ? delta : null, delta.Text);
                json.WriteEndArray();
                break;
        }
    }

    /// <summary>A plain answer's pieces of one kind are one text; its tool calls are put together.</summary>
    private static void WriteMessage(Utf8JsonWriter json, AnswerDelta[] deltas)
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", TextOf(deltas, DeltaKind.Text));
        json.WriteString("refusal", TextOf(deltas, DeltaKind.Refusal));
        if (TextOf(deltas, DeltaKind.Thought) is { } thoughts) json.WriteString("reasoning_content", thoughts);
        var calls = deltas.Where(delta => delta.Kind == DeltaKind.ToolStart).ToArray();
        if (calls.Length == 0) return;

        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            var arguments = deltas.Where(delta => delta.Kind == DeltaKind.ToolArguments && delta.ToolIndex == call.ToolIndex);
            WriteToolCall(json, null, call, string.Concat(arguments.Select(delta => delta.Text)));
        }

        json.WriteEndArray();
    }

    private static void WriteToolCall(Utf8JsonWriter json, int? index, AnswerDelta? start, string arguments)
    {
        json.WriteStartObject();
        if (index is { } number) json.WriteNumber("index", number);
        if (start is { } call)
        {
            json.WriteString("id", call.ToolId);
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (start is { } named) json.WriteString("name", named.ToolName);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string? TextOf(AnswerDelta[] deltas, DeltaKind kind)
    {
        var text = new StringBuilder();
        foreach (var delta in deltas)
        {
            if (delta.Kind == kind) text.Append(delta.Text);
        }

        return text.Length == 0 ? null : text.ToString();
    }
}
