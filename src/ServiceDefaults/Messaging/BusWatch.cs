using System.Collections.Concurrent;
using MassTransit;

namespace Aigc2d.ServiceDefaults.Messaging;

/// <summary>What a process has noticed about its bus: the queues it has listened on, that one could not be listened on, that sending fails.</summary>
internal sealed class BusWatch : IReceiveEndpointObserver
{
    private readonly TaskCompletionSource _away = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, bool> _queues = new(StringComparer.Ordinal);

    /// <summary>Ends when the broker was not there once.</summary>
    public Task BrokerAway => _away.Task;

    /// <summary>The queues that the bus has listened on since it started.</summary>
    public ICollection<string> Queues => _queues.Keys;

    /// <summary>Whether what was sent last could not be, for another reason than that no queue takes it.</summary>
    public volatile bool SendingFails;

    /// <summary>Another bus has other names for queues that live and die with it.</summary>
    public void ForgetQueues() => _queues.Clear();

    public Task Ready(ReceiveEndpointReady ready)
    {
        _queues[ready.InputAddress.Segments[^1]] = true;
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        _away.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
}
