using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Settlements;

/// <summary>What a call is charged and by which rule.</summary>
/// <param name="Rule">plain, shortfall, late, free or no_hold, as in table settlements.</param>
/// <param name="PriceMicropoints">The price of the usage; over the customer's own provider key, the service fee for it.</param>
/// <param name="ChargedMicropoints">What the customer pays of it; the rest is our loss.</param>
internal readonly record struct Charge(string Rule, long PriceMicropoints, long ChargedMicropoints)
{
    private static readonly Charge Free = new("free", 0, 0);

    /// <summary>Whether a call that ended so is charged at all (table of end causes, invariant B11).</summary>
    public static bool IsCharged(UsageRecorded usage) => usage.EndCause switch
    {
        EndCause.Completed or EndCause.ContentFilter or EndCause.OutputCut or EndCause.MaxDuration => true,
        EndCause.ClientAbort => usage.ProviderAccepted,
        EndCause.ProviderError or EndCause.ProviderTimeout or EndCause.ProviderCut or EndCause.PlatformCrash or EndCause.DrainCut => false,
        _ => throw new ArgumentOutOfRangeException(nameof(usage), usage.EndCause, "Unknown end cause."),
    };

    /// <summary>Decides by the end cause, the hold and its pinned price, and what the account has available beside the hold.</summary>
    public static Charge For(UsageRecorded usage, Quantities used, HoldRow? hold, Price? price, long availableMicropoints)
    {
        if (!IsCharged(usage)) return Free;
        if (hold is null or { IsTombstone: true } || price is null) return new("no_hold", 0, 0);

        // A share of the cap as well: whatever the provider claims, the fee is a share of what the call could have cost without an own key.
        var exact = Due(price.ChargeAtMostFor(used, hold.MultiplierPpm), usage, hold);
        var available = Math.Max(0, availableMicropoints);
        var agreed = Math.Min(exact, Due(MostAgreed(usage, hold), usage, hold));
        if (!hold.IsOpen) return new("late", exact, Math.Min(agreed, available));
        // Within the hold and still cut: a fee, whose cap is a share of what was held.
        if (agreed <= hold.GrantedMicropoints && (agreed == exact || usage.Estimated)) return new("plain", exact, agreed);

        var isCapped = hold.MostMicropoints > hold.GrantedMicropoints;
        return new("shortfall", exact, isCapped ? Math.Min(agreed, hold.GrantedMicropoints + available) : agreed);
    }

    private static long Due(long micropoints, UsageRecorded usage, HoldRow hold) => usage.OwnKey ? OwnKeyFee.Of(micropoints, hold.OwnKeyFeePpm) : micropoints;

    /// <summary>
    /// The most a call may cost, early or late. What we counted ourselves: the hold (B12). Otherwise, where the price row capped the held output, the
    /// price of the model's maximum; else 1.25 × the hold (B13).
    /// </summary>
    private static long MostAgreed(UsageRecorded usage, HoldRow hold)
    {
        if (usage.Estimated) return hold.GrantedMicropoints;

        return hold.MostMicropoints > hold.GrantedMicropoints ? hold.MostMicropoints : checked(hold.GrantedMicropoints + (hold.GrantedMicropoints / 4));
    }
}
