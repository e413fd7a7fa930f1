namespace Aigc2d.ProviderAdapters.Routing;

/// <summary>How one attempt at a channel ended, seen from the channel; decides what may be tried next.</summary>
internal enum AttemptEnd
{
    /// <summary>Says nothing about the channel: the client went away, this process stops, or a part of ours failed.</summary>
    Abandoned,

    Answered,

    /// <summary>The provider found fault with the client's call; another would, too.</summary>
    Refused,

    /// <summary>The family has no words for the call, so it was not asked.</summary>
    Unspeakable,

    /// <summary>The provider answered with an error of its own.</summary>
    Failed,

    /// <summary>The connection failed before there was an answer.</summary>
    Unreachable,

    /// <summary>No first byte in time. The provider may still be working on it.</summary>
    TimedOut,

    /// <summary>The answer broke off or was unreadable.</summary>
    BrokenOff,

    /// <summary>The channel is at the provider's limit.</summary>
    Limited,

    /// <summary>The channel cannot serve this model.</summary>
    ModelFault,

    /// <summary>Our account at the provider is at fault.</summary>
    AccountFault,
}

/// <summary>What follows from the end of an attempt.</summary>
internal static class AttemptEnds
{
    public static bool MayTryElsewhere(this AttemptEnd end) => end is not (AttemptEnd.Abandoned or AttemptEnd.Answered or AttemptEnd.Refused);

    /// <summary>Not after a time-out: the provider that took the request may still be working on it.</summary>
    public static bool MayTryAgain(this AttemptEnd end) => end is AttemptEnd.Failed or AttemptEnd.Unreachable or AttemptEnd.BrokenOff or AttemptEnd.Limited;

    /// <summary>Whether the breaker counts it; null when it says nothing about the channel's health.</summary>
    public static bool? IsHealthy(this AttemptEnd end) => end switch
    {
        AttemptEnd.Answered or AttemptEnd.Refused => true,
        AttemptEnd.Failed or AttemptEnd.Unreachable or AttemptEnd.TimedOut or AttemptEnd.BrokenOff => false,
        _ => null,
    };
}
