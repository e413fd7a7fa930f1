using System.Text.Json.Serialization;
using Aigc2d.Contracts;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>Whether calls pass.</summary>
[JsonConverter(typeof(SnakeCaseConverter<BreakerState>))]
public enum BreakerState
{
    Closed,

    /// <summary>One call has been let through to see whether the provider is well again.</summary>
    HalfOpen,
    Open,
}

/// <summary>All channels as this process sees them.</summary>
public sealed record ChannelHealthsResponse(ChannelHealthResponse[] Items, string? Next);

/// <summary>A time in which nobody asks, and why.</summary>
public sealed record RestResponse(string Cause, DateTimeOffset Until);

/// <summary>One limit as the provider told it last.</summary>
public sealed record ToldLimitResponse(string Name, long Remaining, long? Limit, DateTimeOffset? ResetAt);

/// <summary>The last thing that went wrong.</summary>
public sealed record LastErrorResponse(string Text, DateTimeOffset At);

/// <summary>How a channel is doing.</summary>
public sealed record ChannelHealthResponse
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Provider { get; init; }

    public required string? Region { get; init; }

    public required int Priority { get; init; }

    public required string State { get; init; }

    /// <summary>Attempts under way.</summary>
    public required int Running { get; init; }

    public required RestResponse? Resting { get; init; }

    public required ToldLimitResponse[] ProviderLimits { get; init; }

    /// <summary>What the channel has cost since midnight UTC, where its prices are known; null when none is.</summary>
    public required long? CostTodayMicropoints { get; init; }

    public required ModelHealthResponse[] Models { get; init; }
}

/// <summary>How one model over the channel is doing; counts are of the last 10 seconds, waits for the first byte of the last 5 minutes.</summary>
public sealed record ModelHealthResponse
{
    public required string Model { get; init; }

    public required BreakerState Breaker { get; init; }

    /// <summary>When the breaker came into its state; null when the model was never asked.</summary>
    public required DateTimeOffset? Since { get; init; }

    /// <summary>When the next call passes, while it is open.</summary>
    public required DateTimeOffset? OpenUntil { get; init; }

    public required RestResponse? Resting { get; init; }

    public required int Successes { get; init; }

    public required int Failures { get; init; }

    public required long? FirstByteP50Ms { get; init; }

    public required long? FirstByteP95Ms { get; init; }

    public required LastErrorResponse? LastError { get; init; }
}
