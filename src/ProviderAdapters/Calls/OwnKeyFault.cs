using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>A provider's refusal as it came.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Scope">How far it reaches.</param>
/// <param name="Said">The provider's words for the owner of the key, without what is secret; empty over the platform's channels.</param>
internal sealed record UpstreamRefusal(int Status, FaultScope Scope, string Said)
{
    public static UpstreamRefusal Of(ProviderFault fault, HttpStatusCode status, ReadOnlySpan<byte> body, ChatRoute route) =>
        new((int)status, fault.Scope, route.Channel.AccountId is null ? "" : route.Adapter.Describe(body, route.Channel, route.Model));
}

/// <summary>
/// What a customer is told when a call over its own key failed. It goes over no other channel: that one would be charged in full. The customer is the
/// provider's customer here, so it learns which key it was and what the provider said.
/// </summary>
internal static class OwnKeyFault
{
    private const string WaysOut = "Change it with PATCH /api/provider-keys/{id}, or disable it to use the platform's channels at the full price. You are not charged.";

    /// <summary>The same failure in the words for the owner of the key; unchanged when the call went over no own key, or when the key is not to blame.</summary>
    public static CallFailed Explain(CallFailed failed, ChatCall call)
    {
        if (call.Route?.Channel is not { AccountId: not null } channel || failed.Cause == EndCause.MaxDuration) return failed;

        var whose = $"Your own {channel.Provider} key '{channel.Name}'";
        var said = string.IsNullOrEmpty(failed.Refusal?.Said) ? "" : $" The provider said: {failed.Refusal.Said}.";
        return failed switch
        {
            { Failure: CallFailure.ProviderError, Refusal: { Scope: FaultScope.Account, Status: 402 or 429 } } =>
                Told(failed, 402, "insufficient_quota", "own_key_out_of_credit", $"{whose} has no credit left at the provider.{said} {WaysOut}"),
            { Failure: CallFailure.ProviderError, Refusal.Scope: FaultScope.Account } =>
                Told(failed, 403, "invalid_request_error", "own_key_refused", $"{whose} was refused by the provider.{said} {WaysOut}"),
            { Failure: CallFailure.ProviderError, Refusal.Scope: FaultScope.Model } =>
                Told(failed, 404, "invalid_request_error", "own_key_model_not_found", $"{whose} cannot call the model '{call.Identity.Model}' at the provider.{said} {WaysOut}"),
            { Failure: CallFailure.ProviderError } =>
                Told(failed, 502, "server_error", "own_key_failed", $"The call over your own {channel.Provider} key '{channel.Name}' failed at the provider.{said} You are not charged. Try again."),
            { Failure: CallFailure.RateLimited } =>
                Told(failed, 429, "requests", "rate_limit_exceeded", $"{whose} is at its rate limit at the provider.{said} You are not charged. Try again later."),
            { Failure: CallFailure.ProviderTimeout } =>
                Told(failed, 504, "server_error", "provider_timeout", $"The provider did not answer the call over your own {channel.Provider} key '{channel.Name}' in time. You are not charged."),
            _ => failed,
        };
    }

    /// <summary>The key is active, but its credential cannot be opened or its address is not allowed any more.</summary>
    public static CallFailed Unusable(ChatCall call)
    {
        var channel = call.Route!.Channel;
        var message = $"Your own {channel.Provider} key '{channel.Name}' cannot be used: delete it and store it again, or disable it to use the platform's channels. You are not charged.";
        return Told(CallFailed.Of(CallFailure.NoChannel, EndCause.ProviderError, call), 503, "server_error", "own_key_failed", message);
    }

    private static CallFailed Told(CallFailed failed, int status, string type, string code, string message) =>
        failed with { Failure = CallFailure.OwnKey, Status = status, Error = new OpenAiError(message, type, null, code) };
}
