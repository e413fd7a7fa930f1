using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>How far a provider's refusal reaches, which decides what else may be tried.</summary>
internal enum FaultScope
{
    /// <summary>The call itself is wrong: no other channel would do better.</summary>
    Call,

    /// <summary>This attempt failed; the next one may not.</summary>
    Attempt,

    /// <summary>The channel is at its rate limit for a while.</summary>
    Limit,

    /// <summary>The channel cannot serve this model.</summary>
    Model,

    /// <summary>Our account at the provider is at fault: key, permission or money.</summary>
    Account,
}

/// <summary>A provider's refusal, judged: whose fault, how far it reaches, what the client is told.</summary>
internal sealed record ProviderFault(FaultScope Scope, CallFailure Failure, int Status, ClientError Error)
{
    /// <summary>How long the provider wants to be left alone, as far as its body says; headers are read elsewhere.</summary>
    public TimeSpan? RestFor { get; init; }

    /// <summary>What the provider's content rules have found in the prompt, as <see cref="CallRefused.RefusedFor"/>; null when it is about something else.</summary>
    public string? Refusal => Failure == CallFailure.InvalidRequest && Error.Code is "content_policy_violation" or "moderation_blocked" ? RefusedFor ?? CallRefused.Unspecified : null;

    /// <summary>The categories of such a finding, joined by commas, where the provider names them.</summary>
    public string? RefusedFor { get; init; }
}
