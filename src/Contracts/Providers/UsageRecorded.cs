using System.Text.Json.Serialization;

namespace Aigc2d.Contracts.Providers;

/// <summary>
/// A provider call has ended and this is what it used. ProviderAdapters publishes it exactly once per request that reached it; Billing settles or
/// releases the hold with it. Consumers deduplicate by <see cref="RequestId"/>.
/// </summary>
public sealed record UsageRecorded
{
    /// <summary>The request id, the business id of hold and charge.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The paying account.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The key in use.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>The model the customer asked for; the hold pinned its price.</summary>
    public required string Model { get; init; }

    /// <summary>The provider that answered, for example <c>openai</c>; null when none was reached.</summary>
    public string? Provider { get; init; }

    /// <summary>The channel that answered; null when none was reached.</summary>
    public Guid? ChannelId { get; init; }

    /// <summary>
    /// Whether <see cref="ChannelId"/> is the account's own key at the provider: the provider bills the account for the call, and Billing charges the share
    /// of the price that the hold has pinned.
    /// </summary>
    public bool OwnKey { get; init; }

    /// <summary>How the call ended; decides whether and what is charged.</summary>
    public required EndCause EndCause { get; init; }

    /// <summary>Whether the provider had the whole request; a client that goes away before that pays nothing.</summary>
    public bool ProviderAccepted { get; init; } = true;

    /// <summary>Prompt tokens including cached ones, ≥ 0.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Output tokens of all choices including reasoning, ≥ 0; for a cut stream those that were forwarded.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that the provider read from its cache, ≥ 0.</summary>
    public int CachedInputTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that the provider wrote to its cache, ≥ 0.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that was audio, ≥ 0.</summary>
    public int AudioInputTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that was images, ≥ 0.</summary>
    public int ImageInputTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was hidden reasoning, ≥ 0.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was audio, ≥ 0.</summary>
    public int AudioOutputTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that was images, ≥ 0.</summary>
    public int ImageOutputTokens { get; init; }

    /// <summary>The length of the audio or video that was worked on, milliseconds, ≥ 0.</summary>
    public long Milliseconds { get; init; }

    /// <summary>The characters that were worked on, ≥ 0.</summary>
    public long Characters { get; init; }

    /// <summary>The images that were delivered, ≥ 0.</summary>
    public int Images { get; init; }

    /// <summary>Their size as the price row names it, for example <c>1024x1024</c>; null, or one without a rate, means the size that was held.</summary>
    public string? ImageSize { get; init; }

    /// <summary>Their quality, for example <c>hd</c>; read only together with <see cref="ImageSize"/>.</summary>
    public string? ImageQuality { get; init; }

    /// <summary>Whether the tokens were counted by us because the provider gave none or implausible ones.</summary>
    public bool Estimated { get; init; }

    /// <summary>When the call ended (UTC).</summary>
    public required DateTimeOffset EndedAt { get; init; }
}

/// <summary>How a provider call ended. The first five are charged as the table of end causes says, the others are free.</summary>
[JsonConverter(typeof(SnakeCaseConverter<EndCause>))]
public enum EndCause
{
    /// <summary>The provider's answer is complete.</summary>
    Completed,

    /// <summary>The provider's own filter ended the answer; charged as used.</summary>
    ContentFilter,

    /// <summary>Our screening cut the answer; prompt and forwarded output are charged.</summary>
    OutputCut,

    /// <summary>The client went away; free before the provider had the request, else prompt and forwarded output are charged.</summary>
    ClientAbort,

    /// <summary>The published maximum duration was reached; prompt and forwarded output are charged.</summary>
    MaxDuration,

    /// <summary>The provider answered with an error or could not be reached.</summary>
    ProviderError,

    /// <summary>The provider did not answer in time.</summary>
    ProviderTimeout,

    /// <summary>The provider's answer broke off or was unreadable.</summary>
    ProviderCut,

    /// <summary>A process of ours died or lost its connection.</summary>
    PlatformCrash,

    /// <summary>A process of ours had to stop before the answer was complete.</summary>
    DrainCut,
}
