using System.IO.Pipelines;

namespace Aigc2d.ProviderAdapters.Streams;

/// <summary>
/// Reads a provider's stream into a small pipe, so that reading can go on while output is screened and be woken by a timer without cancelling
/// the read itself, which would cost the connection. Holds the provider back when the client is slow.
/// </summary>
public sealed class UpstreamPump : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _stop;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: BufferBytes, resumeWriterThreshold: BufferBytes / 2, useSynchronizationContext: false));
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isFinished;

    /// <param name="response">The provider's answer; disposed of when it has been read.</param>
    /// <param name="stopped">Ends the reading.</param>
    public UpstreamPump(HttpResponseMessage response, CancellationToken stopped)
    {
        _response = response;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        _ = PumpAsync(_stop.Token);
    }

    public PipeReader Output => _pipe.Reader;

    /// <summary>Whether the connection broke; tells an end of <see cref="Output"/> from a good one.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Done when the first bytes are there, or when it is clear that there will be none.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Makes a waiting reader of <see cref="Output"/> look up.</summary>
    public void Wake() => _pipe.Reader.CancelPendingRead();

    /// <summary>The answer is complete: what little may follow is read away, so that the connection can serve the next call.</summary>
    public void Finish() => _isFinished = true;

    // The source of the token is left to the collector: it may have to outlive both this and the reading.
    public void Dispose()
    {
        _pipe.Reader.Complete();
        if (_isFinished) _stop.CancelAfter(DrainLimit);
        else _stop.Cancel();
    }

    private async Task PumpAsync(CancellationToken ct)
    {
        try
        {
            await using var source = await _response.Content.ReadAsStreamAsync(ct);
            var isRead = true;
            while (true)
            {
                var count = await source.ReadAsync(_pipe.Writer.GetMemory(), ct);
                if (count == 0) break;
                _begun.TrySetResult();
                if (!isRead) continue;

                _pipe.Writer.Advance(count);
                isRead = !(await _pipe.Writer.FlushAsync(CancellationToken.None)).IsCompleted;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            HasFailed = true;
        }
        finally
        {
            _begun.TrySetResult();
            _response.Dispose();
            await _pipe.Writer.CompleteAsync();
        }
    }
}
