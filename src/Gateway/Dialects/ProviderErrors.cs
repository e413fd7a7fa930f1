using Aigc2d.Contracts.Providers;

namespace Aigc2d.Gateway.Dialects;

/// <summary>The errors of calls that no provider answered.</summary>
internal static class ProviderErrors
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    /// <param name="failure">What happened.</param>
    /// <param name="model">The model asked for.</param>
    /// <param name="retryAfter">When the provider wants to be asked again, if it said so.</param>
    public static ApiError Of(CallFailure failure, string model, TimeSpan? retryAfter = null) => failure switch
    {
        CallFailure.ModelNotFound => ApiErrors.ModelNotFound(model),
        CallFailure.NoChannel => new(503, ApiErrors.ServerError, "service_unavailable", $"No provider offers the model '{model}' at the moment; nothing was charged. Try again later.") { RetryAfter = retryAfter > Wait ? retryAfter : Wait },
        CallFailure.ProviderTimeout => new(504, ApiErrors.ServerError, "provider_timeout", "The provider did not answer in time.") { RetryAfter = Wait },
        CallFailure.RateLimited => new(429, "requests", "rate_limit_exceeded", "The provider takes no more calls at the moment; nothing was charged. Try again later.") { RetryAfter = retryAfter > Wait ? retryAfter : Wait },
        CallFailure.Unavailable => ApiErrors.Unavailable(),
        // Adapters pass the explanation of an invalid request on themselves; without one it counts as the provider's error.
        CallFailure.ProviderError or CallFailure.InvalidRequest or CallFailure.OwnKey => new(502, ApiErrors.ServerError, "provider_error", "The provider failed to answer; nothing was charged.") { RetryAfter = Wait },
        _ => throw new InvalidOperationException($"Unhandled failure {failure}."),
    };
}
