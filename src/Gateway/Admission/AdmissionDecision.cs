using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Gateway.Admission;

/// <summary>Whether a call may go to a provider.</summary>
internal enum AdmissionOutcome
{
    /// <summary>Screened, and its points are held.</summary>
    Admitted,

    /// <summary>The content rules forbid it.</summary>
    Blocked,

    /// <summary>It has an image that nobody can look at although somebody must.</summary>
    ImageUnreadable,

    /// <summary>Somebody in distress is asking: help is the answer.</summary>
    Support,

    /// <summary>Billing does not hold points for it, and says why.</summary>
    HoldRefused,

    /// <summary>Moderation or Billing did not answer: closed.</summary>
    Unavailable,
}

/// <summary>The decision on one call, with what explains it.</summary>
/// <param name="Outcome">The decision.</param>
/// <param name="Verdict">What Moderation said, when it is the reason.</param>
/// <param name="Hold">What Billing said, when points are held or it is the reason.</param>
internal readonly record struct AdmissionDecision(AdmissionOutcome Outcome, Verdict? Verdict = null, PlaceHoldResult? Hold = null);
