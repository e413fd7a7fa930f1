using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.Moderation.Policies;

/// <summary>Looks every second whether policies were added elsewhere or have begun, so that all processes agree within two.</summary>
internal sealed class FollowPolicies(PolicyList policies, TimeProvider time, ILogger<FollowPolicies> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Before the service listens, so that the first text meets the policies and not the defaults.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryRefreshAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        policies.IsRead ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("The policies have not been read yet; screening goes by the built-in defaults."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested) await TryRefreshAsync(stoppingToken);
        }
    }

    private async Task TryRefreshAsync(CancellationToken ct)
    {
        var before = policies.Current;
        try
        {
            var after = await policies.RefreshAsync(ct);
            if (after.Version != before.Version) logger.LogInformation("Policies of version {Version} are in memory", after.Version);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            logger.LogWarning("Policies could not be read; those of version {Version} stay: {Reason}", before.Version, exception.GetType().Name);
        }
    }
}
