using System.Net;
using Aigc2d.Contracts.Accounts;

namespace Aigc2d.Gateway.Keys;

/// <summary>Why a caller is not let in. Every dialect has its own words for each.</summary>
internal enum AccessFault
{
    None,
    MissingKey,
    ConflictingKeys,
    UnknownKey,
    Outage,
    AddressNotAllowed,
    ScopeMissing,
    Suspended,
}

/// <summary>The caller of a request, or why there is none.</summary>
internal readonly record struct AccessDecision(AccessFault Fault, Principal? Principal);

/// <summary>Decides who is asking and whether they may use a scope at all, from the headers alone.</summary>
internal sealed class Access(VerifyKey keys, TimeProvider time)
{
    public const string Inference = "inference";
    public const string Account = "account";

    /// <param name="context">The request.</param>
    /// <param name="scope">What the key must be good for.</param>
    /// <param name="whileSuspended">Whether a suspended account may do this too, for example read why it is suspended.</param>
    public async ValueTask<AccessDecision> DecideAsync(HttpContext context, string scope, bool whileSuspended = false)
    {
        var presented = PresentedKey.Of(context.Request.Headers);
        if (presented.Presence == KeyPresence.None) return new(AccessFault.MissingKey, null);
        if (presented.Presence == KeyPresence.Conflicting) return new(AccessFault.ConflictingKeys, null);
        if (presented.Presence == KeyPresence.Malformed) return new(AccessFault.UnknownKey, null);

        var answer = await keys.VerifyAsync(presented.Value!, context.RequestAborted);
        if (answer.IsOutage) return new(AccessFault.Outage, null);
        if (answer.Principal is not { } principal || principal.ExpiresAt <= time.GetUtcNow()) return new(AccessFault.UnknownKey, null);
        if (!MayUse(principal.IpRanges, context.Connection.RemoteIpAddress)) return new(AccessFault.AddressNotAllowed, principal);
        if (!principal.Scopes.Contains(scope, StringComparer.Ordinal)) return new(AccessFault.ScopeMissing, principal);
        if (!whileSuspended && IsSuspended(principal.Standing)) return new(AccessFault.Suspended, principal);
        return new(AccessFault.None, principal);
    }

    private bool IsSuspended(Standing standing) => standing.State != "active" && (standing.Until is not { } until || until > time.GetUtcNow());

    private static bool MayUse(string[]? ranges, IPAddress? address)
    {
        if (ranges is null) return true;
        if (address is null) return false;

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return ranges.Any(range => IPNetwork.TryParse(range, out var network) ? network.Contains(plain) : IPAddress.TryParse(range, out var single) && single.Equals(plain));
    }
}
