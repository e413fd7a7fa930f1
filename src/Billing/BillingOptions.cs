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

    /// <summary>
    /// What a call over a customer's own provider key is charged, in parts per million of its price (<c>Billing:OwnKeyFeePpm</c>). Each hold pins the
    /// share of its moment, so a change never touches a request in flight.
    /// </summary>
    [Range(0, 1_000_000)]
    public int OwnKeyFeePpm { get; init; } = 100_000;

    public long GrantLimitMicropoints => GrantLimit * Micropoints.PerPoint;
}
