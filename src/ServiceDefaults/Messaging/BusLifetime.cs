using MassTransit;
using Microsoft.Extensions.Hosting;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>
/// Starts the bus without waiting for its broker, and stops it whether its start has ended or not. The library's own service finds nothing to stop while
/// the start is still under way: the bus then goes on receiving beside services that are gone, and parks what it takes.
/// </summary>
internal sealed class BusLifetime(IBusDepot buses) : IHostedService
{
    // A start takes a fraction of a second where there is a broker; where there is none it never ends, and nothing can be received.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    private Task _started = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _started = buses.Start(CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(_started, Task.Delay(StartLimit, cancellationToken));
        await buses.Stop(cancellationToken);
    }
}
