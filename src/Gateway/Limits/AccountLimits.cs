using Aigc2d.Contracts.Accounts;

namespace Aigc2d.Gateway.Limits;

/// <summary>What one account has used of its plan: requests and tokens of the last minute, calls under way. One lock, so one check decides.</summary>
internal sealed class AccountLimits(TimeProvider time, long startedAt)
{
    private readonly Lock _gate = new();
    private MinuteBucket _requests;
    private MinuteBucket _tokens;
    private int _running;
    private bool _retired;

    /// <summary>Counts a call when every limit has room for it, else nothing. Null when this object is no longer the account's.</summary>
    public LimitVerdict? TryStart(PlanLimits plan, long tokens)
    {
        lock (_gate)
        {
            if (_retired) return null;

            var now = Now();
            var (refused, wait) = RefusalOf(plan, tokens, now);
            if (refused == LimitKind.None)
            {
                _running++;
                _requests.Take(1, plan.RequestsPerMinute, now);
                _tokens.Take(tokens, plan.TokensPerMinute, now);
            }

            return VerdictOf(refused, wait, plan, now);
        }
    }

    /// <summary>Counts more tokens for a call that has started, when there is room for them.</summary>
    public LimitVerdict TryAddTokens(PlanLimits plan, long tokens)
    {
        lock (_gate)
        {
            var now = Now();
            var wait = _tokens.WaitFor(tokens, plan.TokensPerMinute, now);
            var refused = wait == TimeSpan.Zero ? LimitKind.None : LimitKind.Tokens;
            if (refused == LimitKind.None) _tokens.Take(tokens, plan.TokensPerMinute, now);
            return VerdictOf(refused, wait, plan, now);
        }
    }

    public void ReturnTokens(PlanLimits plan, long tokens)
    {
        lock (_gate) _tokens.Return(tokens, plan.TokensPerMinute);
    }

    public void End()
    {
        lock (_gate) _running--;
    }

    /// <summary>Whether nothing is remembered here that a new object would not know too; if so it must not be used again.</summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            var now = Now();
            return _retired = _running == 0 && _requests.IsFull(now) && _tokens.IsFull(now);
        }
    }

    private (LimitKind Refused, TimeSpan? Wait) RefusalOf(PlanLimits plan, long tokens, long now)
    {
        var requests = _requests.WaitFor(1, plan.RequestsPerMinute, now);
        if (requests != TimeSpan.Zero) return (LimitKind.Requests, requests);

        var forTokens = _tokens.WaitFor(tokens, plan.TokensPerMinute, now);
        if (forTokens != TimeSpan.Zero) return (LimitKind.Tokens, forTokens);

        return _running >= plan.ConcurrentCalls ? (LimitKind.ConcurrentCalls, TimeSpan.FromSeconds(1)) : (LimitKind.None, TimeSpan.Zero);
    }

    private LimitVerdict VerdictOf(LimitKind refused, TimeSpan? wait, PlanLimits plan, long now) => new()
    {
        Refused = refused,
        RetryAfter = wait,
        Requests = _requests.StateOf(plan.RequestsPerMinute, now),
        Tokens = _tokens.StateOf(plan.TokensPerMinute, now),
    };

    private long Now() => MinuteBucket.UnitsOf(time.GetElapsedTime(startedAt));
}
