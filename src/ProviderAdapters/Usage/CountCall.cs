using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Calls;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>Our own count of a call, for when the provider's word is missing, not believed, or can no longer come.</summary>
internal static class CountCall
{
    /// <summary>The prompt, once the provider had it, and what was forwarded. A provider that refused or never answered has used nothing.</summary>
    public static TokenCounts SoFar(ModelCall call, EndCause cause) =>
        call.Running.ProviderAccepted && cause is not (EndCause.ProviderError or EndCause.ProviderTimeout)
            ? Of(call, cause == EndCause.ClientAbort ? call.Running.SentBytes : null)
            : TokenCounts.None;

    /// <summary>Our count. Where the provider has already told the input, as some do when a stream begins, that stands.</summary>
    public static TokenCounts Of(ModelCall call, long? sentBytes = null)
    {
        var output = call.Forwarded.Count(call.Counter, sentBytes);
        return UsageCheck.BelievedInput(call.Claim, call.Identity.InputTokens) is { } told
            ? told with { Output = output, Estimated = true }
            : new TokenCounts(Prompt(call), output, 0, Estimated: true);
    }

    private static int Prompt(ModelCall call) =>
        call.Asked?.CountPrompt(call.Route?.Channel.Provider, call.CountedModel) ?? call.Identity.InputTokens;
}
