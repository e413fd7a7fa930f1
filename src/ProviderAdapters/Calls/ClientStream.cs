using System.Buffers;
using System.IO.Pipelines;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>The client's side of a stream: begins the response, counts what is written to it and what of the call's text goes out, and knows how long it has been silent.</summary>
internal sealed class ClientStream(ModelCall call, TimeProvider time) : IBufferWriter<byte>
{
    private readonly HttpResponse _response = call.Http.Response;
    private readonly PipeWriter _body = call.Http.Response.BodyWriter;
    private long _lastWrite;

    /// <summary>All that was written, flushed or not, bytes.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Begins the response unless it has begun.</summary>
    public void Begin()
    {
        if (_response.HasStarted || _response.ContentType is not null) return;
        _response.ContentType = "text/event-stream; charset=utf-8";
        _response.Headers.CacheControl = "no-cache";
        _response.Headers["X-Accel-Buffering"] = "no";
        _lastWrite = time.GetTimestamp();
    }

    /// <summary>Sends what was written; its text has been forwarded then.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (_body.UnflushedBytes == 0) return;
        _lastWrite = time.GetTimestamp();
        CountWritten();
        await _body.FlushAsync(ct);
    }

    /// <summary>Lets text that was written count as forwarded: it goes out with what comes next.</summary>
    public void CountWritten() => call.Forwarded.Flush(WrittenBytes, call.Counter);

    /// <summary>Whether nothing has gone out for so long, nor waits to.</summary>
    public bool IsSilentFor(TimeSpan limit) => _response.HasStarted && _body.UnflushedBytes == 0 && time.GetElapsedTime(_lastWrite) >= limit;

    public void Advance(int count)
    {
        _body.Advance(count);
        WrittenBytes += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _body.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _body.GetSpan(sizeHint);
}
