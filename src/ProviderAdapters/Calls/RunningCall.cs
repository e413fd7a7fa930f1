using Aigc2d.Contracts.Providers;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>A call that is under way: whether it must stop, and why. The first reason wins, save that a client's word explains a lost connection.</summary>
public sealed class RunningCall : IDisposable
{
    private const int NoCause = -1;

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _clientSpoke = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly CallOptions _options;
    private readonly long _startedAt;
    private readonly ITimer _limit;
    private readonly ITimer? _patience;
    private int _cause = NoCause;
    private int _firstByteSeen;
    private int _attempt;
    private int _acceptedAttempt;

    public RunningCall(CallIdentity identity, CallOptions options, TimeProvider time)
    {
        Identity = identity;
        _options = options;
        _time = time;
        _startedAt = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
        _limit = time.CreateTimer(static state => ((RunningCall)state!).ReachLimit(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (identity.Patience is { } patience) _patience = time.CreateTimer(static state => ((RunningCall)state!).LosePatience(), this, patience, Timeout.InfiniteTimeSpan);
    }

    public CallIdentity Identity { get; }

    /// <summary>Whether the client reads the answer as it comes: then it waits for the beginning only, else for the whole.</summary>
    public bool IsStreamed { get; set; }

    public DateTimeOffset StartedAt { get; }

    public TimeSpan Elapsed => _time.GetElapsedTime(_startedAt);

    /// <summary>Cancelled when the call must stop.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Why the call must stop; null while it may go on.</summary>
    public EndCause? StopCause => Volatile.Read(ref _cause) is var cause and not NoCause ? (EndCause)cause : null;

    /// <summary>Whether the provider that is asked now has the whole request.</summary>
    public bool ProviderAccepted => Volatile.Read(ref _acceptedAttempt) is var accepted and not 0 && accepted == Volatile.Read(ref _attempt);

    /// <summary>A provider is about to be asked. Answers what to call when it has the whole request; a late word about an earlier attempt counts for nothing.</summary>
    public Action BeginAttempt()
    {
        var left = _options.MaxDuration - Elapsed;
        _limit.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref _firstByteSeen, 0);
        var attempt = Interlocked.Increment(ref _attempt);
        return () => Accept(attempt);
    }

    /// <summary>How much of the answer's body had reached the client when it left, bytes; null while that is not known.</summary>
    public long? SentBytes { get; private set; }

    /// <summary>The gateway's word that the client is gone, with what it had passed on of the answer.</summary>
    public void ClientLeft(long? sentBytes)
    {
        SentBytes ??= sentBytes;
        Stop(EndCause.ClientAbort);
    }

    /// <summary>The last attempt failed and another may follow: a client that leaves now, or before the next provider has its request, pays nothing.</summary>
    public void ForgetAttempt() => Interlocked.Increment(ref _attempt);

    /// <summary>The provider has begun to answer. Cheap to repeat.</summary>
    public void FirstByteArrived() => Volatile.Write(ref _firstByteSeen, 1);

    public void Stop(EndCause cause)
    {
        var previous = Interlocked.CompareExchange(ref _cause, (int)cause, NoCause);
        if (cause == EndCause.ClientAbort)
        {
            if (previous == (int)EndCause.PlatformCrash) Interlocked.CompareExchange(ref _cause, (int)cause, previous);
            _clientSpoke.TrySetResult();
        }

        _ = _stop.CancelAsync();
    }

    /// <summary>
    /// The final reason. A client that goes away tears the gateway's connection down at the moment the gateway says so; which of the two is
    /// seen first is chance, so a lost connection waits a little for the word.
    /// </summary>
    public async Task<EndCause> SettleStopCauseAsync()
    {
        if (StopCause == EndCause.PlatformCrash)
        {
            await _clientSpoke.Task.WaitAsync(_options.AbortWordLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return StopCause ?? throw new InvalidOperationException("The call was not stopped.");
    }

    // The source of the token is not disposed: a late word may still reach it, and without timers it holds nothing.
    public void Dispose()
    {
        _limit.Dispose();
        _patience?.Dispose();
    }

    private void Accept(int attempt)
    {
        if (attempt > Volatile.Read(ref _acceptedAttempt)) Volatile.Write(ref _acceptedAttempt, attempt);
    }

    /// <summary>The client is about to give up and to ask again: better that it learns in time that this call is free.</summary>
    private void LosePatience()
    {
        if (!IsStreamed || Volatile.Read(ref _firstByteSeen) == 0) Stop(EndCause.ProviderTimeout);
    }

    private void ReachLimit() => Stop(Volatile.Read(ref _firstByteSeen) == 0 ? EndCause.ProviderTimeout : EndCause.MaxDuration);
}
