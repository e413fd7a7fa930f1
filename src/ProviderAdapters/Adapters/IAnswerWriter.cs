using System.Buffers;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>Writes one answer in the client's dialect: the provider's own bytes where the two are of one family, else a translation.</summary>
internal interface IAnswerWriter
{
    /// <summary>Writes what belongs to the client of the event that was just read; may be nothing.</summary>
    void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read);

    /// <summary>What was written of a stream by now goes out to the client.</summary>
    void Commit()
    {
        // Most dialects have frames that stand for themselves.
    }

    /// <summary>What was written of a stream since the last commit will never go out: it may not be shown.</summary>
    void Withdraw()
    {
        // As above.
    }

    /// <summary>Ends a choice of a stream that our screening has cut.</summary>
    void WriteFiltered(IBufferWriter<byte> output, int choice);

    /// <summary>Ends a stream. The provider's own account of its usage is passed on only if <paramref name="isClaimed"/>.</summary>
    void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed);

    /// <summary>The plain answer that was just read.</summary>
    ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens);

    /// <summary>The plain answer in place of one that our screening refused: every choice is empty.</summary>
    ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens);
}
