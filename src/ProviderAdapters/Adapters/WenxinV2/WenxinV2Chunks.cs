using System.Buffers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Adapters.WenxinV2;

/// <summary>Writes the provider's own bytes with their patches.</summary>
internal sealed class WenxinV2Chunks(WenxinV2AnswerReader reader, PassedChunks chunks) : IAnswerWriter
{
    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read) => chunks.WriteEvent(output, reader.Patched ?? data, read);

    public void WriteFiltered(IBufferWriter<byte> output, int choice) => chunks.WriteFiltered(output, choice);

    public void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed) => chunks.WriteEnd(output, tokens, isClaimed);

    public ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens) => chunks.Completion(reader.Patched ?? body, read, tokens);

    public ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens) => chunks.FilteredCompletion(read, tokens);
}
