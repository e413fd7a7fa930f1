using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Aigc2d.Contracts.Providers;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>The calls of this process, by request id. An id is taken once: while its call runs and long after.</summary>
public sealed class RunningCalls
{
    private const int RememberedIds = 100_000;

    private readonly ConcurrentDictionary<Guid, RunningCall> _running = new();
    private readonly Lock _endedLock = new();
    private readonly HashSet<Guid> _ended = [];
    private readonly Queue<Guid> _endedInOrder = new();
    private readonly CallOptions _options;
    private readonly TimeProvider _time;

    public RunningCalls(IOptions<CallOptions> options, TimeProvider time, IMeterFactory meters)
    {
        _options = options.Value;
        _time = time;
        meters.Create("Aigc2d.Calls").CreateObservableUpDownCounter("aigc2d.calls.running", () => _running.Count, "{call}", "Provider calls under way.");
    }

    /// <summary>Whether the process has been told to stop and takes no new calls.</summary>
    public bool IsDraining { get; private set; }

    public int Count => _running.Count;

    public Guid[] Ids => [.. _running.Keys];

    /// <summary>Starts a call; null when its id is known already. A repeat that comes later than these ids are remembered is stopped by the usage table.</summary>
    public RunningCall? TryStart(CallIdentity identity)
    {
        lock (_endedLock)
        {
            if (_ended.Contains(identity.RequestId)) return null;
        }

        var call = new RunningCall(identity, _options, _time);
        if (_running.TryAdd(identity.RequestId, call)) return call;

        call.Dispose();
        return null;
    }

    public RunningCall? Find(Guid requestId) => _running.GetValueOrDefault(requestId);

    public void End(RunningCall call)
    {
        lock (_endedLock)
        {
            if (_ended.Add(call.Identity.RequestId)) _endedInOrder.Enqueue(call.Identity.RequestId);
            while (_endedInOrder.Count > RememberedIds) _ended.Remove(_endedInOrder.Dequeue());
        }

        _running.TryRemove(call.Identity.RequestId, out _);
        call.Dispose();
    }

    public void BeginDrain() => IsDraining = true;

    public void StopAll(EndCause cause)
    {
        foreach (var call in _running.Values) call.Stop(cause);
    }
}
