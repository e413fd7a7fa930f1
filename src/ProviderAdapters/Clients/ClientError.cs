using Aigc2d.Contracts.Providers;

namespace Aigc2d.ProviderAdapters.Clients;

/// <summary>An error as a client gets it, in OpenAI's terms; each dialect spells it in its own.</summary>
public sealed record ClientError(string Message, string Type, string? Param, string? Code)
{
    /// <summary>What a client is told about a failure of ours or of a provider. Nothing of the provider's own words is in it.</summary>
    public static ClientError Of(CallFailure failure, string model) => failure switch
    {
        CallFailure.ModelNotFound => new($"The model '{model}' does not exist or is not served here.", "invalid_request_error", "model", "model_not_found"),
        CallFailure.NoChannel => new($"No provider serves the model '{model}' at the moment. Try again later.", "server_error", null, "service_unavailable"),
        CallFailure.ProviderError or CallFailure.OwnKey => new("The provider answered with an error. You are not charged. Try again.", "server_error", null, "provider_error"),
        CallFailure.ProviderTimeout => new("The provider did not answer in time. You are not charged.", "server_error", null, "provider_timeout"),
        CallFailure.RateLimited => new("The provider is at its limit. You are not charged. Try again later.", "requests", null, "rate_limit_exceeded"),
        CallFailure.Unavailable => new("The service cannot answer at the moment. You are not charged. Try again.", "server_error", null, "service_unavailable"),
        CallFailure.InvalidRequest => new("The provider did not accept the request.", "invalid_request_error", null, "invalid_value"),
        _ => throw new InvalidOperationException($"Unhandled failure {failure}."),
    };

    /// <summary>What stands in the frame that ends a stream early.</summary>
    public static ClientError OfBrokenStream(EndCause cause) => cause switch
    {
        EndCause.ProviderError or EndCause.ProviderCut or EndCause.ProviderTimeout =>
            new("The provider's answer broke off. You are not charged. Try again.", "server_error", null, "provider_error"),
        EndCause.MaxDuration => new("The answer reached the maximum duration of a call. What you received is charged.", "server_error", null, "max_duration"),
        _ => Of(CallFailure.Unavailable, ""),
    };
}
