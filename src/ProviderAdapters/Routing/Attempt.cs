using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Health;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Routing;

/// <summary>A place taken on a channel for one attempt. What becomes of it is told here once, and from here to the channel's health.</summary>
internal sealed class Attempt : IDisposable
{
    private readonly Breaker.Pass _pass;
    private readonly RoutingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly int _tokens;
    private bool _isHealthy;
    private bool _isEnded;
    private bool _isLeft;

    public Attempt(Candidate candidate, ChannelHealth channel, ModelHealth model, Breaker.Pass pass, int tokens, RoutingMetrics metrics, TimeProvider time)
    {
        Candidate = candidate;
        Channel = channel;
        Model = model;
        _pass = pass;
        _tokens = tokens;
        _metrics = metrics;
        _time = time;
        _startedAt = time.GetTimestamp();
    }

    public Candidate Candidate { get; }

    public ChannelHealth Channel { get; }

    private ModelHealth Model { get; }

    /// <summary>The provider has sent its headers; answers how long it wants to be left alone, if it says so.</summary>
    public TimeSpan? Hear(HttpResponseMessage response)
    {
        Model.Recent.AddWait(_time.GetElapsedTime(_startedAt));
        var now = _time.GetUtcNow();
        if (RateLimitHeaders.Read(response.Headers, now) is { Count: > 0 } told) Channel.Hear(told);
        return response.IsSuccessStatusCode ? null : RateLimitHeaders.RetryAfter(response.Headers, now);
    }

    /// <summary>The provider has begun a good answer, which may take minutes: the channel counts as healthy from now on. Cheap to repeat.</summary>
    public void BeginWell()
    {
        if (_isHealthy) return;
        _isHealthy = true;
        _pass.Tell(true);
    }

    /// <param name="end">How it ended.</param>
    /// <param name="restFor">How long the provider wants to be left alone.</param>
    /// <param name="error">What went wrong, in words for an operator.</param>
    public void End(AttemptEnd end, TimeSpan? restFor = null, string? error = null)
    {
        if (_isEnded) return;
        _isEnded = true;
        if (end.IsHealthy() is not { } isHealthy) _pass.Withdraw();
        else if (!_isHealthy) _pass.Tell(isHealthy);
        else if (!isHealthy) Model.Breaker.CountFailure();

        Channel.Note(end, restFor);
        Model.Note(end, restFor, error);
        _metrics.CountAttempt(Candidate, end);
    }

    /// <summary>The call is recorded: what it used beyond the estimate counts against the channel's limit, and costs.</summary>
    public void Settle(TokenCounts used)
    {
        Channel.TakeMore((long)used.Input + used.Output - _tokens);
        if (Candidate.Channel.Costs.TryGetValue(Candidate.Model.Name, out var cost)) Channel.Cost.Add(cost, used.Input, used.Output);
    }

    public void Dispose()
    {
        if (_isLeft) return;
        _isLeft = true;
        End(AttemptEnd.Abandoned);
        Channel.Leave();
    }
}
