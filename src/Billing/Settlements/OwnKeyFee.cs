using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Settlements;

/// <summary>What is charged for a call that the customer's own provider key paid for: a share of its price.</summary>
internal static class OwnKeyFee
{
    /// <summary>max(10,000, ⌈price × ppm ∕ 10⁶⌉).</summary>
    public static long Of(long priceMicropoints, int sharePpm) =>
        Math.Max(Micropoints.MinimumCharge, (long)((((Int128)priceMicropoints * sharePpm) + 999_999) / 1_000_000));
}
