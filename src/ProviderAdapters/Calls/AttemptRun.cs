using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Health;
using Aigc2d.ProviderAdapters.Routing;
using Polly;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>The attempts of one call: which channels have failed and how, which is next, and what the client is told in the end.</summary>
internal sealed class AttemptRun(ModelCall call, IReadOnlyList<Candidate> candidates, AttemptPolicies policies) : IDisposable
{
    private readonly List<(Guid ChannelId, CallFailed Failure)> _failed = [];
    private readonly ulong? _prefix = call.Asked!.PromptCacheKey is { } key ? Affinity.Of(call.Identity.AccountId, key) : null;
    private Attempt? _current;
    private Attempt? _next;

    public ModelCall Call => call;

    /// <summary>The failure of the last attempt.</summary>
    public CallFailed? Last => _failed.Count == 0 ? null : _failed[^1].Failure;

    /// <summary>How long to wait before <see cref="Next"/>.</summary>
    public TimeSpan Pause { get; private set; }

    public bool TakeFirst() => (_next = Take(excluded: [])) is not null;

    /// <summary>The place for the next attempt; null when there is none any more.</summary>
    public Attempt? Next()
    {
        var before = _current;
        _current = _next ?? Take([.. _failed.Where(failed => !failed.Failure.End.MayTryAgain()).Select(failed => failed.ChannelId)]);
        _next = null;
        if (_current is null) return null;

        if (before is null) policies.Budget.Deposit(PurseOf(_current.Candidate.Channel));
        else policies.Metrics.CountNext(before.Candidate.Channel, _current.Candidate.Channel);
        return _current;
    }

    /// <summary>Whether another attempt follows; if so, <see cref="Pause"/> is set and what this attempt had the provider accept is forgotten.</summary>
    public bool MayGoOn(Outcome<CallFailed?> outcome, int attemptNumber)
    {
        if (outcome.Exception is not null || outcome.Result is not { } failure || ReferenceEquals(failure, Last)) return false;

        _failed.Add((_current!.Candidate.Channel.Id, failure));
        if (attemptNumber >= policies.Options.Value.Retries || !failure.End.MayTryElsewhere() || call.HasSent) return false;
        if (policies.Calls.IsDraining || call.Running.StopCause is not null) return false;

        _current.Dispose(); // its place may be the one that the next attempt needs
        var provider = PurseOf(_current.Candidate.Channel);
        if (!policies.Budget.TryTake(provider))
        {
            policies.Metrics.CountRefused(provider);
            return false;
        }

        if (!Prepare())
        {
            policies.Budget.GiveBack(provider);
            return false;
        }

        call.Running.ForgetAttempt();
        return true;
    }

    /// <summary>No channel could be asked at all: the reason, and when it is worth another try.</summary>
    public CallFailed NoneUsable()
    {
        var now = policies.Time.GetUtcNow();
        var states = candidates.Select(candidate => StateOf(candidate, now)).ToArray();
        var wait = states.Where(state => state.At is not null).Select(state => state.At!.Value - now).DefaultIfEmpty(TimeSpan.Zero).Min();
        return CallFailed.NoneUsable(call, states.Length > 0 && states.All(state => state.IsLimit), wait > TimeSpan.Zero ? wait : null);
    }

    /// <summary>Of several failures the one that tells the client most: its own fault, a limit with the shortest wait, a time-out, any other.</summary>
    public CallFailed MostTelling(CallFailed last)
    {
        if (call.HasSent || !last.End.MayTryElsewhere()) return last;
        var best = _failed.MaxBy(failed => Rank(failed.Failure)).Failure;
        if (best.Failure != CallFailure.RateLimited) return best;
        return best with { RetryAfterSeconds = _failed.Where(failed => failed.Failure.Failure == CallFailure.RateLimited).Min(failed => failed.Failure.RetryAfterSeconds) };
    }

    public void Dispose()
    {
        if (call.IsRecorded) _current?.Settle(call.Recorded);
        _current?.Dispose();
        _next?.Dispose();
    }

    /// <summary>Customers' own keys share a budget of their own: theirs in trouble take no repeats from the platform's.</summary>
    private static string PurseOf(Channel channel) => channel.AccountId is null ? channel.Provider : $"own {channel.Provider} keys";

    private static int Rank(CallFailed failure) => failure.Failure switch
    {
        _ when failure.End == AttemptEnd.Unspeakable => 0, // another family was asked and failed: that is what stands in the way
        CallFailure.InvalidRequest => 4,
        CallFailure.RateLimited => 3,
        CallFailure.ProviderTimeout => 2,
        _ => 1,
    };

    /// <summary>Another channel at once; else the same again after a pause that is not longer than a retry may be.</summary>
    private bool Prepare()
    {
        Pause = TimeSpan.Zero;
        _next = Take([.. _failed.Select(failed => failed.ChannelId)]);
        if (_next is not null) return true;

        var options = policies.Options.Value;
        var now = policies.Time.GetUtcNow();
        var waits = candidates.Where(MayTryAgain).Select(candidate => StateOf(candidate, now).At - now).OfType<TimeSpan>().Where(wait => wait <= options.LongestDelay).ToArray();
        if (waits.Length == 0) return false;

        Pause = options.ShortestDelay + policies.Random.NextDouble() * (options.LongestDelay - options.ShortestDelay);
        if (waits.Min() is var wait && wait > Pause) Pause = wait;
        return true;
    }

    private bool MayTryAgain(Candidate candidate)
    {
        var before = _failed.Where(failed => failed.ChannelId == candidate.Channel.Id).ToArray();
        return before.Length > 0 && before.All(failed => failed.Failure.End.MayTryAgain());
    }

    /// <summary>When a channel may be asked, null if nobody knows, and whether it is a limit that stands in the way.</summary>
    private (DateTimeOffset? At, bool IsLimit) StateOf(Candidate candidate, DateTimeOffset now)
    {
        var health = policies.Healths.Of(candidate.Channel);
        var model = health.Model(candidate.HealthName);
        if (model.Rest is { } rest && !rest.IsOver(now)) return (rest.Until, false);
        if (!model.Breaker.MayPass(now)) return (model.Breaker.OpenUntil is var until && until > now ? until : null, false);
        return (health.UsableAt(now), health.Rest is not { } channelRest || channelRest.IsOver(now) || channelRest.Cause == RestCause.RateLimit);
    }

    private Attempt? Take(IReadOnlyCollection<Guid> excluded) => policies.Select.Take(candidates, excluded, _prefix, call.Identity.InputTokens);
}
