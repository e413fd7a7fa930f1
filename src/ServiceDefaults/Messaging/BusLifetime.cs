using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>
/// Starts the bus with the process, stops it, and replaces it when it has stopped working: after connections break off the library sometimes neither
/// listens nor sends any more, for good and without a word (its issue 5692).
/// </summary>
internal sealed class BusLifetime(LiveBus bus, BusDefects defects, ILogger<BusLifetime> log) : BackgroundService
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        bus.Start();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await bus.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var defect = await defects.NextAsync(stoppingToken);
            log.LogWarning("The broker is there, but for {Seconds} s {Defect}; the bus is replaced", BusDefects.Patience.TotalSeconds, defect);
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                limit.CancelAfter(StopLimit);
                await bus.StopAsync(limit.Token);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("The bus could not be stopped in order: {Reason}", exception.Message);
            }

            bus.Replace();
        }
    }
}
