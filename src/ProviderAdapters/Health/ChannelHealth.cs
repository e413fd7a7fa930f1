using System.Collections.Concurrent;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Routing;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>How one channel is doing, as this process has seen it: calls under way, rests, limits, what its provider last said.</summary>
internal sealed class ChannelHealth
{
    private readonly ConcurrentDictionary<string, ModelHealth> _models = new(StringComparer.Ordinal);
    private readonly Func<string, ModelHealth> _newModel;
    private readonly RoutingOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _restLock = new();
    private Allowance? _requests;
    private Allowance? _tokens;
    private int _running;
    private int _accountFaults;

    public ChannelHealth(Channel channel, RoutingOptions options, TimeProvider time, Random random, Action<Channel, string> onOpened)
    {
        Channel = channel;
        _options = options;
        _time = time;
        _random = random;
        _newModel = model => new ModelHealth(options, time, () => onOpened(channel, model));
        Cost = new DayCost(time);
        SetLimits();
    }

    public Channel Channel { get; private set; }

    public IEnumerable<KeyValuePair<string, ModelHealth>> Models => _models;

    /// <summary>Attempts under way.</summary>
    public int Running => Volatile.Read(ref _running);

    public Rest? Rest { get; private set; }

    /// <summary>What the provider last said of its limits.</summary>
    public IReadOnlyList<ToldLimit> Told { get; private set; } = [];

    public DayCost Cost { get; }

    /// <summary>The channel was read again; what is known of its health stays.</summary>
    public void Adopt(Channel channel)
    {
        var before = Channel.Limits;
        Channel = channel;
        if (before != channel.Limits) SetLimits();
    }

    public ModelHealth Model(string name) => _models.GetOrAdd(name, _newModel);

    public bool IsUsable(DateTimeOffset now) => Rest?.IsOver(now) != false && Running < (Channel.Limits.ConcurrentCalls ?? int.MaxValue)
        && !(_requests?.Wait(now) > TimeSpan.Zero) && !(_tokens?.Wait(now) > TimeSpan.Zero);

    /// <summary>When a channel that is not usable is likely to be; null when that depends on calls under way.</summary>
    public DateTimeOffset? UsableAt(DateTimeOffset now)
    {
        if (Running >= (Channel.Limits.ConcurrentCalls ?? int.MaxValue)) return null;
        var at = Rest is { } rest && !rest.IsOver(now) ? rest.Until : now;
        foreach (var allowance in new[] { _requests, _tokens })
        {
            if (allowance?.Wait(now) is { } wait && now + wait > at) at = now + wait;
        }

        return at;
    }

    /// <summary>Takes a place for one call within the channel's own limits.</summary>
    public bool TryEnter(int tokens)
    {
        var now = _time.GetUtcNow();
        if (Interlocked.Increment(ref _running) > (Channel.Limits.ConcurrentCalls ?? int.MaxValue) || _requests?.TryTake(1, now) == false)
        {
            Interlocked.Decrement(ref _running);
            return false;
        }

        if (_tokens?.TryTake(tokens, now) != false) return true;
        _requests?.Correct(-1);
        Interlocked.Decrement(ref _running);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>Gives back what <see cref="TryEnter"/> took of the minute's limits, for a call that was not made.</summary>
    public void GiveBack(int tokens)
    {
        _requests?.Correct(-1);
        _tokens?.Correct(-tokens);
    }

    /// <summary>A call has ended and used so many tokens more than were taken when it began.</summary>
    public void TakeMore(long tokens) => _tokens?.Correct(tokens);

    /// <summary>Takes note of what came with an answer; with nothing left the channel rests until it is filled up again.</summary>
    public void Hear(IReadOnlyList<ToldLimit> told)
    {
        Told = told;
        var now = _time.GetUtcNow();
        foreach (var limit in told)
        {
            if (limit.Remaining > 0) continue;
            var reset = limit.ResetAt ?? now + ShortRest();
            var latest = now + _options.LongestRestUntilReset;
            RestUntil(RestCause.RateLimit, reset < latest ? reset : latest);
        }
    }

    public void Note(AttemptEnd end, TimeSpan? restFor)
    {
        var now = _time.GetUtcNow();
        switch (end)
        {
            case AttemptEnd.Answered:
                _accountFaults = 0;
                break;
            case AttemptEnd.Limited:
                RestUntil(RestCause.RateLimit, now + Bounded(restFor ?? ShortRest()));
                break;
            case AttemptEnd.AccountFault:
                RestUntil(RestCause.Account, now + Bounded(restFor ?? (Interlocked.Increment(ref _accountFaults) == 1 ? _options.FirstRest : _options.RepeatedRest)));
                break;
            case AttemptEnd.Failed when restFor is { } rest:
                RestUntil(RestCause.Overload, now + Bounded(rest));
                break;
        }
    }

    private void SetLimits()
    {
        var now = _time.GetUtcNow();
        _requests = Channel.Limits.RequestsPerMinute is { } requests ? new Allowance(requests, now) : null;
        _tokens = Channel.Limits.TokensPerMinute is { } tokens ? new Allowance(tokens, now) : null;
    }

    private TimeSpan Bounded(TimeSpan rest) => rest < _options.LongestRest ? rest : _options.LongestRest;

    /// <summary>A second or two, not the same for all.</summary>
    private TimeSpan ShortRest() => TimeSpan.FromSeconds(1 + _random.NextDouble());

    /// <summary>The later of two rests stands.</summary>
    private void RestUntil(RestCause cause, DateTimeOffset until)
    {
        lock (_restLock)
        {
            if (Rest is null || Rest.Until < until) Rest = new Rest(cause, until);
        }
    }
}
