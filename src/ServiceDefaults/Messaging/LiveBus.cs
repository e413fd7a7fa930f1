using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>The bus of this process. A bus that has stopped working does not recover by a new start, so it can be replaced as a whole.</summary>
internal sealed class LiveBus(IServiceProvider services, BusFactory factory, BusWatch watch)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    private volatile IBusControl _current = services.GetRequiredService<IBusControl>();
    private Task _started = Task.CompletedTask;

    /// <summary>The bus to publish on.</summary>
    public IBus Current => _current;

    /// <summary>Does not wait for the broker.</summary>
    public void Start() => _started = _current.StartAsync(CancellationToken.None);

    /// <summary>Stops what was started, also when its start has not ended: it would go on receiving beside services that are gone.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        // Without a broker a start never ends, and nothing can be received.
        await Task.WhenAny(_started, watch.BrokerAway, Task.Delay(StartLimit, ct));
        await _current.StopAsync(ct);
    }

    /// <summary>Starts a new bus in the place of the one in use, which has been stopped.</summary>
    public void Replace()
    {
        watch.ForgetQueues();
        _current = factory.Create(services);
        Start();
    }
}
