namespace Aigc2d.Billing.FinanceFeed;

/// <summary>Wakes the feed's relay after a commit that announced something.</summary>
internal sealed class FeedSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0);

    public void Poke()
    {
        if (_signal.CurrentCount == 0) _signal.Release();
    }

    public void Dispose() => _signal.Dispose();

    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        await _signal.WaitAsync(atMost, ct);

        // Pokes that came together wake once.
        while (_signal.Wait(0, CancellationToken.None)) { }
    }
}
