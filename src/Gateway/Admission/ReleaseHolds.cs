using System.Threading.Channels;
using Aigc2d.Contracts.Billing;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Admission;

/// <summary>
/// Releases holds in the background, in batches, again and again until Billing has taken them. A release that finds nobody for two minutes is
/// given up: by then the hold has expired on its own.
/// </summary>
internal sealed class ReleaseHolds(IBillingApi billing, TimeProvider time, ILogger<ReleaseHolds> log) : BackgroundService
{
    private const int MostInBatch = 1_000;
    private static readonly TimeSpan WorthTrying = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(100_000) { SingleReader = true });

    /// <summary>How many releases wait.</summary>
    public int Waiting => _queue.Reader.Count;

    public void Enqueue(Guid requestId, Guid accountId, string reason)
    {
        var release = new Pending(new ReleaseHold { RequestId = requestId, AccountId = accountId, Reason = reason }, time.GetTimestamp());
        if (!_queue.Writer.TryWrite(release)) log.LogWarning("Too many releases wait; hold {RequestId} is left to expire", requestId);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Requests have ended by now; what they left to release goes out before the process does.
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } running) await Task.WhenAny(running, Task.Delay(FarewellTime, time, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                var batch = new List<Pending>();
                while (batch.Count < MostInBatch && _queue.Reader.TryRead(out var release)) batch.Add(release);
                await SendAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping; what is left expires.
        }
    }

    private async Task SendAsync(List<Pending> batch, CancellationToken ct)
    {
        var wait = TimeSpan.FromMilliseconds(200);
        while (batch.Count > 0)
        {
            try
            {
                await billing.ReleaseHoldsAsync(new ReleaseHoldsRequest { Holds = [.. batch.Select(p => p.Release)] }, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (Outages.Include(exception))
            {
                await Task.Delay(wait * Random.Shared.NextDouble(), time, ct);
                wait = TimeSpan.FromMilliseconds(Math.Min(2_000, wait.TotalMilliseconds * 2));
            }

            var given = batch.RemoveAll(p => time.GetElapsedTime(p.Since) > WorthTrying);
            if (given > 0) log.LogWarning("{Count} holds could not be released in time and are left to expire", given);
        }
    }

    private readonly record struct Pending(ReleaseHold Release, long Since);
}
