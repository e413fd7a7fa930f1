using System.ComponentModel.DataAnnotations;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing;

/// <summary>Settings of the section <c>Billing</c>.</summary>
internal sealed record BillingOptions
{
    /// <summary>Points that one person may add or remove alone (<c>Billing:GrantLimit</c>); more waits for a second one.</summary>
    [Range(1, Micropoints.Max / Micropoints.PerPoint)]
    public long GrantLimit { get; init; } = 1_000_000;

    public long GrantLimitMicropoints => GrantLimit * Micropoints.PerPoint;
}
