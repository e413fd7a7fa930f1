using Aigc2d.Gateway.Keys;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>OpenAI's words for why a caller is not let in.</summary>
internal static class AccessErrors
{
    /// <summary>The error, or null when the caller may go on.</summary>
    public static OpenAiError? Of(AccessDecision decision, string scope) => decision.Fault switch
    {
        AccessFault.None => null,
        AccessFault.MissingKey => OpenAiErrors.MissingKey(),
        AccessFault.ConflictingKeys => OpenAiErrors.ConflictingKeys(),
        AccessFault.UnknownKey => OpenAiErrors.InvalidKey(),
        AccessFault.Outage => OpenAiErrors.Unavailable(),
        AccessFault.AddressNotAllowed => OpenAiErrors.AddressNotAllowed(),
        AccessFault.ScopeMissing => OpenAiErrors.ScopeMissing(scope),
        AccessFault.Suspended => OpenAiErrors.AccountSuspended(decision.Principal!.Standing),
        _ => throw new InvalidOperationException($"Unhandled fault {decision.Fault}."),
    };
}
