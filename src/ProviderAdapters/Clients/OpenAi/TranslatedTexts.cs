using System.Buffers;
using System.Text;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>The answer of a model that chats as an old completion: its text and nothing else. A piece of a stream costs no allocation of its own.</summary>
/// <param name="head">What every piece says of the answer; asked for when the first is written.</param>
/// <param name="includeUsage">Whether the client asked for the usage of a stream.</param>
internal sealed class TranslatedTexts(Func<AnswerHead> head, bool includeUsage) : IAnswerWriter
{
    private AnswerHead? _head;
    private byte[]? _beginning;

    private AnswerHead Head => _head ??= head().Under("cmpl-"u8);

    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read)
    {
        for (var i = 0; i < read.Deltas.Count; i++)
        {
            if (IsShown(read.Deltas[i])) Write(output, read.Deltas[i].Choice, read.Deltas[i].Text, null);
        }

        for (var i = 0; i < read.Choices.Count; i++)
        {
            if (read.Choices[i] is (var choice, { } reason)) Write(output, choice, "", EndOf(reason));
        }
    }

    public void WriteFiltered(IBufferWriter<byte> output, int choice) => ChatFrames.WriteFiltered(output, Head, choice, includeUsage, AnswerKind.Text);

    public void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed)
    {
        if (includeUsage) ChatFrames.WriteUsage(output, Head, tokens, AnswerKind.Text);
        ChatFrames.WriteDone(output);
    }

    public ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens) => ChatFrames.Write(json =>
    {
        ChatFrames.WriteHead(json, Head, ChatFrames.TextCompletion);
        json.WriteStartArray("choices");
        foreach (var (choice, reason) in read.Choices)
        {
            json.WriteStartObject();
            json.WriteString("text", TextOf(read.Deltas, choice));
            json.WriteNumber("index", choice);
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", EndOf(reason ?? "stop"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        ChatFrames.WriteUsage(json, tokens);
    }).ToArray();

    public ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens) =>
        ChatFrames.FilteredCompletion(Head, read.Choices.Select(choice => choice.Choice), tokens, AnswerKind.Text);

    /// <summary>Thoughts have no place in this dialect; a refusal is what the model says.</summary>
    internal static bool IsShown(in AnswerDelta delta) => delta.Kind is DeltaKind.Text or DeltaKind.Refusal && delta.Text.Length > 0;

    /// <summary>All that a choice shows.</summary>
    internal static string TextOf(IReadOnlyList<AnswerDelta> deltas, int choice)
    {
        var text = new StringBuilder();
        foreach (var delta in deltas)
        {
            if (delta.Choice == choice && IsShown(delta)) text.Append(delta.Text);
        }

        return text.ToString();
    }

    private static string EndOf(string finishReason) => finishReason is "length" or "content_filter" ? finishReason : "stop";

    /// <summary>The bytes before the text are the same in all pieces.</summary>
    private void Write(IBufferWriter<byte> output, int choice, string text, string? finishReason)
    {
        output.Write(_beginning ??= Beginning());
        var json = ThreadJson.Borrow(output);
        json.WriteStringValue(text);
        json.Flush();
        output.Write(",\"index\":"u8);
        json.Reset(output);
        json.WriteNumberValue(choice);
        ChatFrames.WriteChoiceEnd(output, json, finishReason, includeUsage);
    }

    private byte[] Beginning()
    {
        var whole = ChatFrames.Write(json => ChatFrames.WriteHead(json, Head, ChatFrames.TextCompletion));
        return [.. "data: "u8, .. whole[..^1], .. ",\"choices\":[{\"text\":"u8];
    }
}
