namespace Aigc2d.Billing.Ledger;

/// <summary>The bounds of amounts: 1 point = 1,000,000 micropoints, exact in every JSON reader.</summary>
internal static class Micropoints
{
    public const long PerPoint = 1_000_000;

    /// <summary>What a request costs at least.</summary>
    public const long MinimumCharge = 10_000;

    /// <summary>The largest integer that JavaScript reads exactly.</summary>
    public const long Max = 9_007_199_254_740_991;
}
