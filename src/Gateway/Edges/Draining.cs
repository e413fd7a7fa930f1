using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.Gateway.Edges;

/// <summary>
/// Stops in order: first the health route says so, for long enough that load balancers look elsewhere; then no connection is taken any more, and
/// what is running may finish.
/// </summary>
internal sealed class Draining(IConfiguration configuration, TimeProvider time) : IHostedLifecycleService, IHealthCheck
{
    /// <summary>How long running answers may take to finish.</summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan DefaultNotice = TimeSpan.FromSeconds(1);
    private volatile bool _hasBegun;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_hasBegun ? HealthCheckResult.Unhealthy("draining") : HealthCheckResult.Healthy());

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_hasBegun) return Task.CompletedTask;

        _hasBegun = true;
        return Task.Delay(configuration.GetValue("Drain:Notice", DefaultNotice), time, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
