using System.ComponentModel.DataAnnotations;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing;

/// <summary>Settings of the section <c>Billing</c>.</summary>
internal sealed record BillingOptions
{
    /// <summary>Points that one person may add or remove alone (<c>Billing:GrantLimit</c>); more waits for a second one.</summary>
    [Range(1, Micropoints.Max / Micropoints.PerPoint)]
    public long GrantLimit { get; init; } = 1_000_000;

    /// <summary>How long after a ban its points can be given back before they are posted as forfeited (<c>Billing:AppealWindow</c>).</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan AppealWindow { get; init; } = TimeSpan.FromHours(72);

    public long GrantLimitMicropoints => GrantLimit * Micropoints.PerPoint;
}
