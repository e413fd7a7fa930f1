using Aigc2d.ProviderAdapters.Routing;
using Polly;
using Polly.CircuitBreaker;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>
/// The circuit of one model over one channel. A call asks for a pass and says later how it went, so that a stream counts from its first good
/// event and not from its end.
/// </summary>
internal sealed class Breaker
{
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<bool> _pipeline;
    private readonly TimeSpan _openFor;
    private readonly TimeProvider _time;
    private readonly Action _onOpened;
    private int _noted = (int)CircuitState.Closed;
    private long _openUntilTicks;

    public Breaker(RoutingOptions options, TimeProvider time, Action onOpened)
    {
        (_openFor, _time, _onOpened) = (options.BreakerOpen, time, onOpened);
        Since = time.GetUtcNow();
        _pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = options.BreakerRatio,
                MinimumThroughput = options.BreakerThroughput,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerOpen,
                StateProvider = _state,
                ShouldHandle = static args => ValueTask.FromResult(!args.Outcome.Result),
            })
            .Build();
    }

    public CircuitState State => _state.CircuitState;

    /// <summary>When the circuit came into its state.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>When a call may pass again; now or earlier when one may. While a probe is under way nobody can say.</summary>
    public DateTimeOffset OpenUntil => new(Volatile.Read(ref _openUntilTicks), TimeSpan.Zero);

    /// <summary>Whether a pass is likely to be given; asking for it may still fail when others ask at the same time.</summary>
    public bool MayPass(DateTimeOffset now) => State switch
    {
        CircuitState.Closed => true,
        CircuitState.Open => now >= OpenUntil,
        _ => false,
    };

    /// <summary>A pass for one call; null when the circuit is open, or half-open with its probe under way.</summary>
    public Pass? TryPass()
    {
        var verdict = new TaskCompletionSource<bool>();
        var running = RunAsync(verdict.Task);
        if (running.IsCompleted) return null;

        Note();
        return new Pass(this, verdict, isProbe: State == CircuitState.HalfOpen);
    }

    /// <summary>Counts a failure of a call that had already been counted as good.</summary>
    public void CountFailure()
    {
        if (TryPass() is { } pass) pass.Tell(false);
    }

    // Complete at once only when it was refused: the verdict comes later.
    private async Task RunAsync(Task<bool> verdict)
    {
        var context = ResilienceContextPool.Shared.Get();
        var outcome = await _pipeline.ExecuteOutcomeAsync(
            static async (_, verdict) => Outcome.FromResult(await verdict.ConfigureAwait(false)), context, verdict).ConfigureAwait(false);
        ResilienceContextPool.Shared.Return(context);
        if (outcome.Exception is BrokenCircuitException { RetryAfter: { } wait }) Volatile.Write(ref _openUntilTicks, (_time.GetUtcNow() + wait).UtcTicks);
    }

    // Polly tells of its changes later, on a thread of its own; a verdict has changed the state when it has been given.
    private void Note()
    {
        var state = State;
        if (Interlocked.Exchange(ref _noted, (int)state) == (int)state) return;

        Since = _time.GetUtcNow();
        Volatile.Write(ref _openUntilTicks, (state == CircuitState.Open ? Since + _openFor : Since).UtcTicks);
        if (state == CircuitState.Open) _onOpened();
    }

    /// <summary>Leave to make one call; the first word about it counts.</summary>
    internal sealed class Pass(Breaker breaker, TaskCompletionSource<bool> verdict, bool isProbe)
    {
        public bool Tell(bool isHealthy)
        {
            if (!verdict.TrySetResult(isHealthy)) return false;

            breaker.Note();
            return true;
        }

        /// <summary>The call says nothing about the channel. A probe that found nothing out leaves the circuit open, or it would stay half-open for ever.</summary>
        public void Withdraw()
        {
            if (isProbe) Tell(false);
        }
    }
}
