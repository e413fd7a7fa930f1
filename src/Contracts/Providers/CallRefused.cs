using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Contracts.Providers;

/// <summary>
/// A provider's own content rules have refused a prompt or ended an answer. ProviderAdapters publishes it beside the call's <see cref="UsageRecorded"/>, in the
/// same transaction; Moderation keeps it as a signal. Consumers deduplicate by <see cref="RequestId"/>.
/// </summary>
public sealed record CallRefused
{
    /// <summary>The value of <see cref="RefusedFor"/> where the provider names no category.</summary>
    public const string Unspecified = "unspecified";

    /// <summary>The request id.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The account that asked.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The provider that refused, for example <c>openai</c>; null when none is known.</summary>
    public string? Provider { get; init; }

    /// <summary>Whether it was the prompt, or an answer to it.</summary>
    public required ScreeningStage Stage { get; init; }

    /// <summary>The provider's names of categories, joined by commas (<c>hate,violence</c>, <c>cyber</c>), or <see cref="Unspecified"/>.</summary>
    public required string RefusedFor { get; init; }

    /// <summary>When the call ended, UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }
}
