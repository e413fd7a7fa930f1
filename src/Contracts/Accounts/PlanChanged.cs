namespace Aigc2d.Contracts.Accounts;

/// <summary>The terms of a plan have changed. Accounts publishes it; gateways have every key verified again before its next use, within a second.</summary>
[Broadcast]
public sealed record PlanChanged
{
    /// <summary>The plan's name, as <see cref="PlanLimits.Name"/>.</summary>
    public required string Plan { get; init; }
}
