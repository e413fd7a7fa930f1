using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Dialects;

/// <summary>OpenAI's words for why a caller is not let in.</summary>
internal static class AccessErrors
{
    /// <summary>The error, or null when the caller may go on.</summary>
    public static ApiError? Of(AccessDecision decision, string scope) => decision.Fault switch
    {
        AccessFault.None => null,
        AccessFault.MissingKey => ApiErrors.MissingKey(),
        AccessFault.ConflictingKeys => ApiErrors.ConflictingKeys(),
        AccessFault.UnknownKey => ApiErrors.InvalidKey(),
        AccessFault.Outage => ApiErrors.Unavailable(),
        AccessFault.AddressNotAllowed => ApiErrors.AddressNotAllowed(),
        AccessFault.ScopeMissing => ApiErrors.ScopeMissing(scope),
        AccessFault.Suspended => ApiErrors.AccountSuspended(decision.Principal!.Standing),
        _ => throw new InvalidOperationException($"Unhandled fault {decision.Fault}."),
    };
}
