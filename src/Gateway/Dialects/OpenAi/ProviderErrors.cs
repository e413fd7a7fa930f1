using Aigc2d.Contracts.Providers;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The errors of calls that no provider answered.</summary>
internal static class ProviderErrors
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    public static OpenAiError Of(CallFailure failure, string model) => failure switch
    {
        CallFailure.ModelNotFound => OpenAiErrors.ModelNotFound(model),
        CallFailure.NoChannel => new(503, OpenAiErrors.ServerError, "service_unavailable", $"No provider offers the model '{model}' at the moment; nothing was charged. Try again later.") { RetryAfter = Wait },
        CallFailure.ProviderTimeout => new(504, OpenAiErrors.ServerError, "provider_timeout", "The provider did not answer in time; nothing was charged.") { RetryAfter = Wait },
        CallFailure.RateLimited => new(429, "requests", "rate_limit_exceeded", "The provider takes no more calls at the moment; nothing was charged. Try again later.") { RetryAfter = Wait },
        CallFailure.Unavailable => OpenAiErrors.Unavailable(),
        // Adapters pass the explanation of an invalid request on themselves; without one it counts as the provider's error.
        CallFailure.ProviderError or CallFailure.InvalidRequest => new(502, OpenAiErrors.ServerError, "provider_error", "The provider failed to answer; nothing was charged.") { RetryAfter = Wait },
        _ => throw new InvalidOperationException($"Unhandled failure {failure}."),
    };
}
