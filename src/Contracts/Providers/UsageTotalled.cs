namespace Aigc2d.Contracts.Providers;

/// <summary>
/// What ProviderAdapters has recorded for a channel on a UTC day of requests. It is restated while it changes; consumers keep the highest
/// <see cref="Revision"/> per channel and day and ignore the others.
/// </summary>
public sealed record UsageTotalled
{
    /// <summary>The channel.</summary>
    public required Guid ChannelId { get; init; }

    /// <summary>The UTC day on which the requests came, as their ids say.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>1 for the first statement of a channel's day, then one more for each change.</summary>
    public required long Revision { get; init; }

    /// <summary>Calls that reached the channel, free endings included, ≥ 1.</summary>
    public required long Requests { get; init; }

    /// <summary>Prompt tokens of all of them, cached ones included, ≥ 0.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Output tokens of all of them, ≥ 0.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that came from the provider's cache, ≥ 0.</summary>
    public required long CachedInputTokens { get; init; }
}
