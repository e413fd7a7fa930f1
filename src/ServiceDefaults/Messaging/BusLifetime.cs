using MassTransit;
using Microsoft.Extensions.Hosting;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>
/// Starts the bus without waiting for its broker, and stops it whether its start has ended or not. The library's own service finds nothing to stop while
/// the start is still under way: the bus then goes on receiving beside services that are gone, and parks what it takes.
/// </summary>
internal sealed class BusLifetime(IBusDepot buses, BrokerWatch watch) : IHostedService
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    private Task _started = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _started = buses.Start(CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Without a broker a start never ends, and nothing can be received.
        await Task.WhenAny(_started, watch.BrokerAway, Task.Delay(StartLimit, cancellationToken));
        await buses.Stop(cancellationToken);
    }
}

/// <summary>Notices that a queue could not be listened on.</summary>
internal sealed class BrokerWatch : IReceiveEndpointObserver
{
    private readonly TaskCompletionSource _away = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the broker was not there once.</summary>
    public Task BrokerAway => _away.Task;

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        _away.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
}
