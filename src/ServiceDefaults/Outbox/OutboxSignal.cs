namespace Aigc2d.ServiceDefaults.Outbox;

/// <summary>Wakes the relay of this process after a commit, so that a message does not wait for the next poll.</summary>
public sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    /// <summary>Says that something was committed. Cheap, may be called often.</summary>
    public void Poke()
    {
        try
        {
            if (_signal.CurrentCount == 0) _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else poked in the same moment: the relay is awake.
        }
    }

    public void Dispose() => _signal.Dispose();

    internal Task WaitAsync(TimeSpan atMost, CancellationToken ct) => _signal.WaitAsync(atMost, ct);
}
