namespace Aigc2d.Gateway.Limits;

/// <summary>Which limit of the plan a call met.</summary>
internal enum LimitKind
{
    None,
    Requests,
    Tokens,
    ConcurrentCalls,
}

/// <summary>How a call was decided against the limits, and the state that the <c>x-ratelimit-*</c> headers tell.</summary>
internal readonly record struct LimitVerdict
{
    /// <summary>The limit that refuses the call; none when it may go on.</summary>
    public required LimitKind Refused { get; init; }

    /// <summary>When a refused call would fit; null when it never will.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public required BucketState Requests { get; init; }

    public required BucketState Tokens { get; init; }
}

/// <summary>A bucket as clients see it: its size, what is left of it and the time until it is full again.</summary>
internal readonly record struct BucketState(long Limit, long Remaining, TimeSpan Reset);
