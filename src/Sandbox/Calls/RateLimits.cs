using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Calls;

/// <summary>The limits that every provider claims in its own headers: what is scripted, or far too much to matter.</summary>
public sealed record RateLimits(int LimitRequests, int RemainingRequests, int LimitTokens, int RemainingTokens, TimeSpan Reset)
{
    private const int Requests = 10_000;
    private const int Tokens = 2_000_000;

    public static RateLimits Of(Script script) => new(
        Requests, script.RemainingRequests ?? Requests - 1, Tokens, script.RemainingTokens ?? Tokens - 1_000, script.Reset ?? TimeSpan.FromMilliseconds(6));
}
