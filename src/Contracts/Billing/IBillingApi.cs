using System.Text.Json.Serialization;
using Refit;

namespace Aigc2d.Contracts.Billing;

/// <summary>What other services ask of Billing. Batches answer item by item, in the order asked; one bad item never fails another.</summary>
public interface IBillingApi
{
    /// <summary>Places holds. Safe to repeat with the same request ids: a repeated hold answers as the first one did.</summary>
    /// <param name="body">1 to 1,000 holds.</param>
    /// <param name="ct">Cancels the wait; a hold may still be placed, release it.</param>
    [Post("/internal/holds")]
    Task<PlaceHoldsResponse> PlaceHoldsAsync([Body] PlaceHoldsRequest body, CancellationToken ct = default);

    /// <summary>Releases holds whose call never ran. A release for an unknown hold leaves a tombstone that refuses the later hold.</summary>
    /// <param name="body">1 to 1,000 request ids.</param>
    /// <param name="ct">Cancels the wait; the release may still happen.</param>
    [Post("/internal/holds/release")]
    Task ReleaseHoldsAsync([Body] ReleaseHoldsRequest body, CancellationToken ct = default);

    /// <summary>
    /// Extends the life of the holds of running calls to 90 s from now, and of tasks that have not ended to 20 minutes from now; never shortens one.
    /// </summary>
    /// <param name="body">The request ids of all calls that are still running and of all tasks that are queued or running, at most 10,000.</param>
    /// <param name="ct">Cancels the call.</param>
    [Post("/internal/holds/renew")]
    Task<RenewHoldsResponse> RenewHoldsAsync([Body] RenewHoldsRequest body, CancellationToken ct = default);

    /// <summary>An account's points. An account that never had any answers zeros.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="ct">Cancels the call.</param>
    [Get("/internal/accounts/{accountId}/points")]
    Task<PointsResponse> GetPointsAsync(Guid accountId, CancellationToken ct = default);

    /// <summary>The models that have a price in force now.</summary>
    /// <param name="ct">Cancels the call.</param>
    [Get("/internal/prices/models")]
    Task<PricedModelsResponse> GetPricedModelsAsync(CancellationToken ct = default);
}

/// <summary>A batch of holds.</summary>
public sealed record PlaceHoldsRequest
{
    /// <summary>The holds to place, 1 to 1,000.</summary>
    public required PlaceHold[] Holds { get; init; }
}

/// <summary>
/// What one call or task may cost at most is to be frozen before a provider is asked. What is not measured in tokens is named exactly, so that the
/// hold is the price; price row and version are pinned with it. A call's hold lives 90 s after it was placed or last renewed. A task's hold (one with
/// <see cref="TaskAction"/> or <see cref="Diffusion"/>) lives 20 minutes: the 15 that a task may take from its submission upstream and 5 for a restart
/// of ours, because a task outlives the process that works on it. Whoever owns the tasks renews the holds of those that are queued or running, every
/// 30 s like those of calls, and ends each with one <see cref="Providers.TaskFinished"/>.
/// </summary>
public sealed record PlaceHold
{
    /// <summary>The id of the request, the hold's business id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The paying account.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The key in use.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>The model asked for; decides the price row.</summary>
    public required string Model { get; init; }

    /// <summary>Estimated prompt size, tokens, ≥ 0.</summary>
    public required int InputTokens { get; init; }

    /// <summary>The client's own limit on output per choice, tokens, ≥ 0; 0 where there is no output, as of embeddings, whose inputs have no context in common; null holds the price row's cap or the model's maximum.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How many choices are generated (<c>n</c>), 1 to 128.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Characters to be spoken or translated, 0 to 100,000,000; priced per 1,000 when the row has such a rate.</summary>
    public long Characters { get; init; }

    /// <summary>The length of audio or video, milliseconds, 0 to 86,400,000 (a day); priced per second when the row has such a rate.</summary>
    public long Milliseconds { get; init; }

    /// <summary>Images to be generated, 0 to 128; the row needs a rate for their size and quality.</summary>
    public int Images { get; init; }

    /// <summary>The size as the price row names it, for example <c>1024x1024</c>; required with <see cref="Images"/>, at most 32 characters.</summary>
    public string? ImageSize { get; init; }

    /// <summary>The quality, for example <c>hd</c>; null, or one that has no rate of its own, costs what the size alone costs. At most 32 characters.</summary>
    public string? ImageQuality { get; init; }

    /// <summary>A task's action as the price row names it, for example <c>imagine</c>; makes this the hold of a task. Not together with <see cref="Diffusion"/>.</summary>
    public string? TaskAction { get; init; }

    /// <summary>What a Stable Diffusion task computes; makes this the hold of a task.</summary>
    public DiffusionJob? Diffusion { get; init; }

    /// <summary>The plan's price multiplier, parts per million.</summary>
    public required int MultiplierPpm { get; init; }

    /// <summary>The account's cap per UTC day, micropoints; null for none.</summary>
    public long? AccountMicropointsPerDay { get; init; }

    /// <summary>The key's cap per UTC day, micropoints; null for none.</summary>
    public long? KeyMicropointsPerDay { get; init; }

    /// <summary>HMAC-SHA256 of the client's Idempotency-Key, hex; null when the client sent none.</summary>
    public string? IdempotencyKeyHash { get; init; }

    /// <summary>HMAC-SHA256 of the request body, hex; present with <see cref="IdempotencyKeyHash"/>.</summary>
    public string? BodyHash { get; init; }
}

/// <summary>One result per hold asked for, in the same order.</summary>
public sealed record PlaceHoldsResponse
{
    /// <summary>The results.</summary>
    public required PlaceHoldResult[] Results { get; init; }
}

/// <summary>How one hold was decided.</summary>
public sealed record PlaceHoldResult
{
    /// <summary>The decision.</summary>
    public required HoldOutcome Outcome { get; init; }

    /// <summary>What is frozen (when placed) or would have to be (when points lack), micropoints.</summary>
    public long Micropoints { get; init; }

    /// <summary>What the account could still spend, micropoints; set when points lack.</summary>
    public long AvailableMicropoints { get; init; }

    /// <summary>The output tokens that are held for all choices together; counts against tokens per minute.</summary>
    public int HeldOutputTokens { get; init; }

    /// <summary>The model's context size in tokens; set when it is exceeded.</summary>
    public int ContextTokens { get; init; }

    /// <summary>The end (UTC) of the hold's life unless renewed.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The request that used the idempotency key first; set on <see cref="HoldOutcome.IdempotencyReplayed"/> and <see cref="HoldOutcome.IdempotencyConflict"/>.</summary>
    public Guid? FirstRequestId { get; init; }

    /// <summary>What that first request was charged, micropoints; null while it is still open.</summary>
    public long? FirstChargeMicropoints { get; init; }
}

/// <summary>The decisions on a hold.</summary>
[JsonConverter(typeof(SnakeCaseConverter<HoldOutcome>))]
public enum HoldOutcome
{
    /// <summary>The points are frozen.</summary>
    Placed,

    /// <summary>Fewer points are available than the call may cost: 402 <c>insufficient_quota</c>.</summary>
    InsufficientPoints,

    /// <summary>The account's or the key's points for this UTC day are used up: 429.</summary>
    DayCapReached,

    /// <summary>No price row is in force for the model: 404 <c>model_not_found</c>.</summary>
    UnknownModel,

    /// <summary>Prompt and output together exceed the model's context: 400 <c>context_length_exceeded</c>.</summary>
    ContextLengthExceeded,

    /// <summary>The account's points are sealed by enforcement: 403.</summary>
    AccountBlocked,

    /// <summary>The same request id was already decided for another body, or released before the hold came.</summary>
    RequestIdConflict,

    /// <summary>The idempotency key is in use by a request with the same body that is open or charged: 409.</summary>
    IdempotencyReplayed,

    /// <summary>The idempotency key was used with another body: 409 <c>idempotency_conflict</c>.</summary>
    IdempotencyConflict,

    /// <summary>The item itself is malformed (a number out of range, price overflow): 400.</summary>
    Invalid,

    /// <summary>The model's price row has no rate for what is asked: an image size, a task's action, or tokens of a model that is not paid by tokens. 400.</summary>
    NotPriced,
}

/// <summary>A batch of releases.</summary>
public sealed record ReleaseHoldsRequest
{
    /// <summary>The request ids whose holds are to be released, 1 to 1,000.</summary>
    public required ReleaseHold[] Holds { get; init; }
}

/// <summary>A call that never ran or ended free.</summary>
public sealed record ReleaseHold
{
    /// <summary>The request id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The account the hold is, or would be, on.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>Why, in snake_case, for the ledger: <c>input_blocked</c>, <c>admission_failed</c>, <c>provider_error</c> …</summary>
    public required string Reason { get; init; }
}

/// <summary>The calls that are still running.</summary>
public sealed record RenewHoldsRequest
{
    /// <summary>Request ids, at most 10,000.</summary>
    public required Guid[] RequestIds { get; init; }
}

/// <summary>The holds that could be renewed.</summary>
public sealed record RenewHoldsResponse
{
    /// <summary>How many holds were open and are renewed.</summary>
    public required int Renewed { get; init; }
}

/// <summary>An account's points, micropoints (1 point = 1,000,000).</summary>
public sealed record PointsResponse
{
    /// <summary>Posted points.</summary>
    public required long BalanceMicropoints { get; init; }

    /// <summary>The sum of open holds.</summary>
    public required long HeldMicropoints { get; init; }

    /// <summary>Balance minus held.</summary>
    public required long AvailableMicropoints { get; init; }

    /// <summary>What enforcement has taken out of the balance and an appeal can still bring back.</summary>
    public long SealedMicropoints { get; init; }
}

/// <summary>The models that can be paid for.</summary>
public sealed record PricedModelsResponse
{
    /// <summary>Model names with a price row in force, sorted.</summary>
    public required string[] Models { get; init; }
}
