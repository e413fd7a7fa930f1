using Aigc2d.Contracts.Moderation;
using Refit;

namespace Aigc2d.Contracts.Accounts;

/// <summary>What other services ask of Accounts. Every route needs the internal header (<see cref="CallHeaders.Internal"/>).</summary>
public interface IAccountsApi
{
    /// <summary>Resolves a presented key to its principal. Unknown and revoked keys cost the same work and answer a null principal.</summary>
    /// <param name="body">The presented key.</param>
    /// <param name="ct">Cancels the call.</param>
    [Post("/internal/keys/verify")]
    Task<VerifyKeyResponse> VerifyKeyAsync([Body] VerifyKeyRequest body, CancellationToken ct = default);

    /// <summary>The counter that grows with every change of a key, plan or standing; a different value than last time means: drop cached principals.</summary>
    /// <param name="ct">Cancels the call.</param>
    [Get("/internal/changes")]
    Task<ChangesResponse> GetChangesAsync(CancellationToken ct = default);
}

/// <summary>A key as a client presented it.</summary>
public sealed record VerifyKeyRequest
{
    /// <summary>The whole key, for example <c>AIGC2D-…</c>. Never logged, never stored.</summary>
    public required string Key { get; init; }
}

/// <summary>The principal behind a key, or none.</summary>
public sealed record VerifyKeyResponse
{
    /// <summary>Null when the key is unknown, revoked, expired or its account is deleted.</summary>
    public Principal? Principal { get; init; }
}

/// <summary>Accounts' change counter.</summary>
public sealed record ChangesResponse
{
    /// <summary>Grows by at least one with every change; never repeats.</summary>
    public required long Counter { get; init; }
}

/// <summary>Who is asking and what the plan allows: everything the edge decides with, without another call.</summary>
public sealed record Principal
{
    /// <summary>The paying account.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The key in use.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>What the key may be used for: <c>inference</c>, <c>account</c>.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>The only models the key may call; null allows every model of the plan.</summary>
    public string[]? Models { get; init; }

    /// <summary>The only networks (CIDR) the key may be used from; null allows all.</summary>
    public string[]? IpRanges { get; init; }

    /// <summary>The moment (UTC) after which the key no longer works; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The key's own spending cap per UTC day, micropoints; null for none.</summary>
    public long? MicropointsPerDay { get; init; }

    /// <summary>Whether the account may call at all.</summary>
    public required Standing Standing { get; init; }

    /// <summary>The limits and the price multiplier of the account's plan.</summary>
    public required PlanLimits Plan { get; init; }
}

/// <summary>The standing of an account.</summary>
public sealed record Standing
{
    /// <summary><c>active</c>, <c>frozen</c>, <c>suspended</c> or <c>banned</c>.</summary>
    public required string State { get; init; }

    /// <summary>The end (UTC) of a freeze or suspension; null when open-ended or active.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The rule that led here, in words for the customer; null when active.</summary>
    public string? Reason { get; init; }
}

/// <summary>The limits of a membership plan.</summary>
public sealed record PlanLimits
{
    /// <summary>The plan's name.</summary>
    public required string Name { get; init; }

    /// <summary>Requests per minute and account.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>Tokens per minute and account: input estimate plus held output.</summary>
    public required long TokensPerMinute { get; init; }

    /// <summary>Calls under way at once.</summary>
    public required int ConcurrentCalls { get; init; }

    /// <summary>The account's spending cap per UTC day, micropoints; null for none.</summary>
    public long? MicropointsPerDay { get; init; }

    /// <summary>The price multiplier in parts per million; 1,000,000 charges the list price.</summary>
    public required int MultiplierPpm { get; init; }

    /// <summary>How strictly the account's texts are screened.</summary>
    public Strictness Strictness { get; init; }
}
