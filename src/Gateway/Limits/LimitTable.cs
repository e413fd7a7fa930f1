using System.Collections.Concurrent;
using Aigc2d.Contracts.Accounts;

namespace Aigc2d.Gateway.Limits;

/// <summary>The limits of all accounts that have called lately. Counts of other gateways are not known here.</summary>
internal sealed class LimitTable(GatewayMetrics metrics, TimeProvider time)
{
    private const int SweepAbove = 10_000;
    private readonly ConcurrentDictionary<Guid, AccountLimits> _accounts = new();
    private readonly long _startedAt = time.GetTimestamp();
    private int _nextSweepAt = SweepAbove;

    /// <summary>Counts a call with its tokens against the plan, or refuses it whole.</summary>
    public StartedCall Start(Principal principal, long tokens)
    {
        while (true)
        {
            var account = _accounts.GetOrAdd(principal.AccountId, static (_, table) => new AccountLimits(table.Time, table.StartedAt), (Time: time, StartedAt: _startedAt));
            if (account.TryStart(principal.Plan, tokens) is not { } verdict) continue;

            if (verdict.Refused != LimitKind.None) metrics.CountRefused("rate_limited");
            Sweep();
            return new StartedCall(account, principal.Plan, tokens, verdict);
        }
    }

    private void Sweep()
    {
        var limit = Volatile.Read(ref _nextSweepAt);
        if (_accounts.Count < limit || Interlocked.CompareExchange(ref _nextSweepAt, int.MaxValue, limit) != limit) return;

        foreach (var (id, account) in _accounts)
        {
            if (account.TryRetire()) _accounts.TryRemove(new(id, account));
        }

        Volatile.Write(ref _nextSweepAt, Math.Max(SweepAbove, _accounts.Count * 2));
    }
}
