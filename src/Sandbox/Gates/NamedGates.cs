using System.Collections.Concurrent;

namespace Aigc2d.Sandbox.Gates;

/// <summary>Answers that wait for a test to say go; a gate that nobody opens gives way after a minute.</summary>
public sealed class NamedGates(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    public async Task WaitAsync(string name, CancellationToken ct)
    {
        var gate = _gates.GetOrAdd(name, _ => new Gate());
        Interlocked.Increment(ref gate.Waiting);
        try
        {
            await gate.Opened.Task.WaitAsync(Patience, time, ct);
        }
        catch (TimeoutException)
        {
            // The minute is over: the answer goes out as if the gate had been opened.
        }
        finally
        {
            Interlocked.Decrement(ref gate.Waiting);
        }
    }

    /// <summary>Opens the gate for those who wait and for those who come.</summary>
    public void Open(string name) => _gates.GetOrAdd(name, _ => new Gate()).Opened.TrySetResult();

    public int WaitingAt(string name) => _gates.TryGetValue(name, out var gate) ? Volatile.Read(ref gate.Waiting) : 0;

    private sealed class Gate
    {
        public int Waiting;

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
