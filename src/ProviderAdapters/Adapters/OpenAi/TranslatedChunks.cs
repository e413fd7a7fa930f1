using System.Buffers;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>An answer of another family in OpenAI's words: chunks of a stream, or one completion. A chunk costs no allocation of its own.</summary>
/// <param name="head">What every chunk says of the answer; asked for when the first is written.</param>
/// <param name="includeUsage">Whether the client asked for the usage of a stream.</param>
internal sealed class TranslatedChunks(Func<AnswerHead> head, bool includeUsage) : IAnswerWriter
{
    private readonly HashSet<int> _begun = [];
    private byte[]? _beginning;

    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read)
    {
        for (var i = 0; i < read.Choices.Count; i++)
        {
            if (_begun.Add(read.Choices[i].Choice)) WriteRole(output, read.Choices[i].Choice);
        }

        for (var i = 0; i < read.Deltas.Count; i++) WriteDelta(output, read.Deltas[i]);
        for (var i = 0; i < read.Choices.Count; i++)
        {
            if (read.Choices[i] is (var choice, { } finishReason)) WriteFinish(output, choice, finishReason);
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

    private void WriteRole(IBufferWriter<byte> output, int choice)
    {
        var json = Begin(output, choice);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, ""u8);
        End(output, json, null);
    }

    private void WriteFinish(IBufferWriter<byte> output, int choice, string finishReason) => End(output, Begin(output, choice), finishReason);

    private void WriteDelta(IBufferWriter<byte> output, in AnswerDelta delta)
    {
        var json = Begin(output, delta.Choice);
        switch (delta.Kind)
        {
            case DeltaKind.Text:
                json.WriteString("content"u8, delta.Text);
                break;
            case DeltaKind.Thought:
                json.WriteString("reasoning_content"u8, delta.Text);
                break;
            case DeltaKind.Refusal:
                json.WriteString("refusal"u8, delta.Text);
                break;
            case DeltaKind.ToolStart or DeltaKind.ToolArguments:
                json.WriteStartArray("tool_calls"u8);
                WriteToolCall(json, delta.ToolIndex, delta.Kind == DeltaKind.ToolStart ? delta : null, delta.Text);
                json.WriteEndArray();
                break;
        }

        End(output, json, null);
    }

    /// <summary>Writes a chunk up to the inside of its delta; the bytes until there are the same in all chunks but for the choice.</summary>
    private Utf8JsonWriter Begin(IBufferWriter<byte> output, int choice)
    {
        output.Write(_beginning ??= Beginning());
        Span<byte> number = stackalloc byte[11];
        choice.TryFormat(number, out var digits);
        output.Write(number[..digits]);
        output.Write(",\"delta\":"u8);
        var json = ThreadJson.Borrow(output);
        json.WriteStartObject();
        return json;
    }

    private void End(IBufferWriter<byte> output, Utf8JsonWriter json, string? finishReason)
    {
        json.WriteEndObject();
        ChatFrames.WriteChoiceEnd(output, json, finishReason, includeUsage);
    }

    private byte[] Beginning()
    {
        var whole = ChatFrames.Write(json => ChatFrames.WriteHead(json, head(), "chat.completion.chunk"));
        return [.. "data: "u8, .. whole[..^1], .. ",\"choices\":[{\"index\":"u8];
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
        if (index is { } number) json.WriteNumber("index"u8, number);
        if (start is { } call)
        {
            json.WriteString("id"u8, call.ToolId);
            json.WriteString("type"u8, "function"u8);
        }

        json.WriteStartObject("function"u8);
        if (start is { } named) json.WriteString("name"u8, named.ToolName);
        json.WriteString("arguments"u8, arguments);
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
