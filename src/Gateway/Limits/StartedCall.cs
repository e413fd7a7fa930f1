using Aigc2d.Contracts.Accounts;

namespace Aigc2d.Gateway.Limits;

/// <summary>A call that counts against its account's limits until it is disposed; or the refusal of one.</summary>
internal sealed class StartedCall(AccountLimits account, PlanLimits plan, long tokens, LimitVerdict verdict) : IDisposable
{
    private long _tokens = tokens;
    private bool _ended = verdict.Refused != LimitKind.None;

    /// <summary>The latest decision on this call.</summary>
    public LimitVerdict Verdict { get; private set; } = verdict;

    /// <summary>Corrects the counted tokens to what is really held. Answers false, and keeps what was counted, when there is no room for more.</summary>
    public bool TryCorrectTokens(long tokens)
    {
        if (tokens > _tokens)
        {
            Verdict = account.TryAddTokens(plan, tokens - _tokens);
            if (Verdict.Refused != LimitKind.None) return false;
        }
        else if (tokens < _tokens)
        {
            account.ReturnTokens(plan, _tokens - tokens);
        }

        _tokens = tokens;
        return true;
    }

    /// <summary>The call never ran: its tokens are free again, the request stays counted.</summary>
    public void ReturnTokens()
    {
        account.ReturnTokens(plan, _tokens);
        _tokens = 0;
    }

    public void Dispose()
    {
        if (_ended) return;

        _ended = true;
        account.End();
    }
}
