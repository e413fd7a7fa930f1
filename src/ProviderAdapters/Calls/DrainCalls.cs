using Aigc2d.Contracts.Providers;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>Lets running calls finish when the process has to stop, and cuts those that take too long, so that each still ends with its record.</summary>
public sealed class DrainCalls(RunningCalls calls, IHostApplicationLifetime lifetime, IOptions<CallOptions> options, TimeProvider time) : IHostedService, IDisposable
{
    private ITimer? _limit;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() =>
        {
            calls.BeginDrain();
            _limit = time.CreateTimer(_ => calls.StopAll(EndCause.DrainCut), null, options.Value.DrainLimit, Timeout.InfiniteTimeSpan);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _limit?.Dispose();
}
