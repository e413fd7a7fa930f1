using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;
using Aigc2d.ProviderAdapters.Routing;

namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>
/// What a customer is told when a call over its own key failed. The customer is the provider's customer here, so it learns which key it was and what the
/// provider said.
/// </summary>
internal static class OwnKeyFault
{
    private const string InvalidRequest = "invalid_request_error";
    private const string ServerError = "server_error";
    private const string WaysOut = "Change it with PATCH /api/provider-keys/{id}, or disable it to use the platform's channels at the full price. You are not charged.";

    /// <summary>The same failure in words for the owner of the key; unchanged when the key is not to blame.</summary>
    public static CallFailed Explain(CallFailed failed, Channel key, ModelCall call)
    {
        var whose = $"own {key.Provider} key '{key.Name}'";
        var why = (failed.Words ?? failed.Detail) is { } detail ? $" ({detail})" : "";
        return failed.End switch
        {
            AttemptEnd.AccountFault => Told(failed, 403, InvalidRequest, "own_key_refused", $"Your {whose} was refused by the provider{why}. {WaysOut}"),
            AttemptEnd.ModelFault => Told(failed, 404, InvalidRequest, "own_key_model_not_found", $"Your {whose} cannot call the model '{call.Identity.Model}' at the provider{why}. {WaysOut}"),
            AttemptEnd.Limited => Told(failed, 429, "requests", "rate_limit_exceeded", $"Your {whose} is at its rate limit at the provider. You are not charged. Try again later."),
            AttemptEnd.TimedOut => Told(failed, 504, ServerError, "provider_timeout", $"The provider did not answer the call over your {whose} in time. You are not charged."),
            AttemptEnd.Failed or AttemptEnd.Unreachable or AttemptEnd.BrokenOff =>
                Told(failed, 502, ServerError, "own_key_failed", $"The call over your {whose} failed at the provider{why}. You are not charged. Try again."),
            _ => failed,
        };
    }

    /// <summary>The key is active, but its credential cannot be opened or its address is not allowed any more.</summary>
    public static CallFailed Unusable(Channel key, ModelCall call)
    {
        var message = $"Your own {key.Provider} key '{key.Name}' cannot be used: delete it and store it again, or disable it to use the platform's channels. You are not charged.";
        return Told(CallFailed.Of(CallFailure.NoChannel, EndCause.ProviderError, call), 503, ServerError, "own_key_failed", message);
    }

    private static CallFailed Told(CallFailed failed, int status, string type, string code, string message) =>
        failed with { Failure = CallFailure.OwnKey, Status = status, Error = new ClientError(message, type, null, code) };
}
