using Aigc2d.Contracts.Moderation;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>A row of <c>usage_records</c>: what a call used and how it ended.</summary>
public sealed record UsageRow
{
    public required Guid RequestId { get; init; }

    public required Guid AccountId { get; init; }

    public required Guid KeyId { get; init; }

    public required string Model { get; init; }

    public required string? Provider { get; init; }

    public required Guid? ChannelId { get; init; }

    /// <summary>Whether the channel is the account's own key at the provider.</summary>
    public bool OwnKey { get; init; }

    public required string? UpstreamModel { get; init; }

    public required EndCause EndCause { get; init; }

    /// <summary>What the provider's content rules have found, as <see cref="CallRefused.RefusedFor"/>; kept by Moderation alone.</summary>
    public string? Refusal { get; init; }

    public required bool ProviderAccepted { get; init; }

    public required bool Streamed { get; init; }

    public required TokenCounts Tokens { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>What is announced of a refusal by the provider's content rules; null when there was none.</summary>
    public CallRefused? ToRefusal() => Refusal is null ? null : new()
    {
        RequestId = RequestId,
        AccountId = AccountId,
        Provider = Provider,
        // A filter that ended an answer has let the prompt through.
        Stage = EndCause == EndCause.ProviderError ? ScreeningStage.Prompt : ScreeningStage.Output,
        RefusedFor = Refusal,
        EndedAt = EndedAt,
    };

    public UsageRecorded ToMessage() => new()
    {
        RequestId = RequestId,
        AccountId = AccountId,
        KeyId = KeyId,
        Model = Model,
        Provider = Provider,
        ChannelId = ChannelId,
        OwnKey = OwnKey,
        EndCause = EndCause,
        ProviderAccepted = ProviderAccepted,
        InputTokens = Tokens.Input,
        OutputTokens = Tokens.Output,
        CachedInputTokens = Tokens.CachedInput,
        CacheWriteTokens = Tokens.CacheWrite,
        AudioInputTokens = Tokens.AudioInput,
        ReasoningTokens = Tokens.Reasoning,
        AudioOutputTokens = Tokens.AudioOutput,
        Estimated = Tokens.Estimated,
        EndedAt = EndedAt,
    };
}
