using Aigc2d.ProviderAdapters.Routing;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>The last thing that went wrong, in words for an operator.</summary>
internal sealed record LastError(string Text, DateTimeOffset At);

/// <summary>How one model over one channel is doing.</summary>
internal sealed class ModelHealth(RoutingOptions options, TimeProvider time, Action onOpened)
{
    private int _faults;

    public Breaker Breaker { get; } = new(options, time, onOpened);

    public RecentAttempts Recent { get; } = new(time);

    public LastError? LastError { get; private set; }

    /// <summary>The rest of this model alone; the channel may have one, too.</summary>
    public Rest? Rest { get; private set; }

    public bool IsUsable(DateTimeOffset now) => Rest?.IsOver(now) != false && Breaker.MayPass(now);

    public void Note(AttemptEnd end, TimeSpan? restFor, string? error)
    {
        var now = time.GetUtcNow();
        if (error is not null) LastError = new LastError(error, now);
        if (end.IsHealthy() is { } isHealthy) Recent.Add(isHealthy);
        if (end == AttemptEnd.Answered) _faults = 0;
        if (end != AttemptEnd.ModelFault) return;

        var rest = restFor ?? (Interlocked.Increment(ref _faults) == 1 ? options.FirstRest : options.RepeatedRest);
        Rest = new Rest(RestCause.Model, now + (rest < options.LongestRest ? rest : options.LongestRest));
    }
}
