using System.Text.Json.Serialization;
using Refit;

namespace Aigc2d.Contracts.Providers;

/// <summary>
/// What the gateway asks of ProviderAdapters beside the provider calls themselves. Those are not typed: <c>POST /internal/chat/completions</c>
/// takes the client's own body with the headers of <see cref="CallHeaders"/> and answers in the client's dialect, byte for byte.
/// </summary>
public interface IProvidersApi
{
    /// <summary>The models that any channel lists or ever listed, with whether one of those channels is active.</summary>
    /// <param name="ct">Cancels the call.</param>
    [Get("/internal/models")]
    Task<RoutedModelsResponse> GetRoutedModelsAsync(CancellationToken ct = default);

    /// <summary>
    /// The client has gone away: the provider call is cancelled and ends as <see cref="EndCause.ClientAbort"/>. Without this word a lost
    /// connection is our own fault and free.
    /// </summary>
    /// <param name="requestId">The request id.</param>
    /// <param name="body">How far the answer had come.</param>
    /// <param name="ct">Cancels the wait; the abort may still happen.</param>
    [Post("/internal/calls/{requestId}/abort")]
    Task AbortCallAsync(Guid requestId, [Body] AbortCallRequest body, CancellationToken ct = default);
}

/// <summary>How far an answer had come when its client went away.</summary>
public sealed record AbortCallRequest
{
    /// <summary>
    /// How much of the answer's body had been passed on to the client, bytes, ≥ 0; what the gateway wrote of its own accord does not count. The
    /// output in it is charged. Null when that is not known: then all that ProviderAdapters had sent is charged.
    /// </summary>
    public long? SentBytes { get; init; }
}

/// <summary>The models that can be routed.</summary>
public sealed record RoutedModelsResponse
{
    /// <summary>The models, sorted by name.</summary>
    public required RoutedModel[] Models { get; init; }
}

/// <summary>A model that at least one channel lists or once listed.</summary>
public sealed record RoutedModel
{
    /// <summary>The name customers call it by.</summary>
    public required string Name { get; init; }

    /// <summary>The providers of its channels, for example <c>openai</c>; empty when all of them are gone.</summary>
    public required string[] Providers { get; init; }

    /// <summary>Whether one of its channels is active.</summary>
    public required bool Available { get; init; }

    /// <summary>When the first channel that lists it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Why a provider call failed before its first byte reached us, by party. Carried in <see cref="CallHeaders.Failure"/> as snake_case.</summary>
[JsonConverter(typeof(SnakeCaseConverter<CallFailure>))]
public enum CallFailure
{
    /// <summary>No channel ever listed the model: 404.</summary>
    ModelNotFound,

    /// <summary>Channels exist but none is active or healthy: 503.</summary>
    NoChannel,

    /// <summary>Every attempt was answered with an error or an unreadable body, or the connection failed: 502.</summary>
    ProviderError,

    /// <summary>The provider did not begin to answer in time: 504.</summary>
    ProviderTimeout,

    /// <summary>The provider found fault with the request itself; the body explains it in the client's dialect: passed on with its status.</summary>
    InvalidRequest,

    /// <summary>The provider limits us and no other channel could help: 429.</summary>
    RateLimited,

    /// <summary>
    /// The account's own key at the provider was asked and failed; the body names the key and what to do in the client's dialect: passed on with its status.
    /// </summary>
    OwnKey,

    /// <summary>This service is shutting down or its own database does not answer: 503.</summary>
    Unavailable,
}
