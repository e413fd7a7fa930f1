using System.Buffers;
using System.IO.Pipelines;

namespace Aigc2d.ProviderAdapters.Streams;

/// <summary>The client's connection, with a count of what was written to it.</summary>
internal sealed class CountedOutput(PipeWriter client) : IBufferWriter<byte>
{
    /// <summary>All that was written, flushed or not, bytes.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Whether something waits for a flush.</summary>
    public bool IsUnflushed => client.UnflushedBytes > 0;

    public void Advance(int count)
    {
        client.Advance(count);
        WrittenBytes += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => client.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => client.GetSpan(sizeHint);

    public async Task FlushAsync(CancellationToken ct) => await client.FlushAsync(ct);
}
