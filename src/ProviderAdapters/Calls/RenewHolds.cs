using Aigc2d.Contracts.Billing;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Keeps the holds of all running calls alive with one request to Billing now and then.</summary>
public sealed class RenewHolds(RunningCalls calls, IBillingApi billing, IOptions<CallOptions> options, TimeProvider time, ILogger<RenewHolds> logger) : BackgroundService
{
    private const int MaxIdsPerRequest = 10_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RenewInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var ids in calls.Ids.Chunk(MaxIdsPerRequest)) await billing.RenewHoldsAsync(new RenewHoldsRequest { RequestIds = ids }, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The next round comes long before the holds expire.
                logger.LogWarning("The holds of running calls could not be renewed: {Reason}", exception.Message);
            }
        }
    }
}
