using System.Buffers;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>Chunks of a provider that speaks the client's dialect: its own bytes, without the usage that the client did not ask for.</summary>
internal sealed class PassedChunks(ChatAnswerReader reader, bool includeUsage, AnswerKind kind = AnswerKind.Chat) : IAnswerWriter
{
    private byte[] _usageChunk = [];

    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read)
    {
        if (read.IsEnd) return;
        if (read.Usage is not null && read.Choices.Count == 0)
        {
            // It belongs to the end, and only if it is believed.
            _usageChunk = data.ToArray();
            return;
        }

        // Azure begins with what its filter thinks of the prompt; clients that look at the first choice of every chunk fail over it.
        if (read.Choices.Count == 0 && data.IndexOf("\"prompt_filter_results\""u8) >= 0) return;

        if (includeUsage) ChatFrames.WriteEvent(output, data);
        else ChatFrames.WriteEvent(output, data, without: reader.UsageMember);
    }

    public void WriteFiltered(IBufferWriter<byte> output, int choice) => ChatFrames.WriteFiltered(output, reader.Head, choice, includeUsage, kind);

    public void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed)
    {
        if (includeUsage)
        {
            if (isClaimed && _usageChunk.Length > 0) ChatFrames.WriteEvent(output, _usageChunk);
            else ChatFrames.WriteUsage(output, reader.Head, tokens, kind);
        }

        ChatFrames.WriteDone(output);
    }

    public ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens) => body;

    public ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens) =>
        ChatFrames.FilteredCompletion(read.Head, read.Choices.Select(choice => choice.Choice), tokens, kind);
}
