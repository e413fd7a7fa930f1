using Aigc2d.Contracts.Accounts;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Keys;

/// <summary>Looks at Accounts' change counter every 5 s, so that a lost announcement is noticed within 10 s.</summary>
internal sealed class PollChanges(IAccountsApi accounts, PrincipalCache cache, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        long? last = null;
        try
        {
            do last = await LookAsync(last, stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is stopping.
        }
    }

    private async Task<long?> LookAsync(long? last, CancellationToken ct)
    {
        try
        {
            var counter = (await accounts.GetChangesAsync(ct)).Counter;
            if (counter != last) cache.DoubtAll();
            return counter;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && Outages.Include(exception))
        {
            return last;
        }
    }
}
