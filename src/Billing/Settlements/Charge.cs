using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Settlements;

/// <summary>What a call is charged and by which rule.</summary>
/// <param name="Rule">plain, shortfall, late, free or no_hold, as in table settlements.</param>
/// <param name="PriceMicropoints">The price of the usage.</param>
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
    public static Charge For(UsageRecorded usage, HoldRow? hold, Price? price, long availableMicropoints)
    {
        if (!IsCharged(usage)) return Free;
        if (hold is null or { IsTombstone: true } || price is null) return new("no_hold", 0, 0);

        var exact = price.ChargeFor(usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens, hold.MultiplierPpm);
        if (!hold.IsOpen) return new("late", exact, Math.Min(exact, Math.Max(0, availableMicropoints)));
        if (exact <= hold.GrantedMicropoints) return new("plain", exact, exact);

        // What we counted ourselves never costs more than was agreed to (B12).
        if (usage.Estimated) return new("plain", exact, hold.GrantedMicropoints);
        return new("shortfall", exact, Math.Min(exact, ShortfallLimit(hold, availableMicropoints)));
    }

    /// <summary>B13: where the price row capped the held output, up to the model's maximum from available points; otherwise up to 1.25 × the hold.</summary>
    private static long ShortfallLimit(HoldRow hold, long availableMicropoints) => hold.MostMicropoints > hold.GrantedMicropoints
        ? Math.Min(hold.MostMicropoints, hold.GrantedMicropoints + Math.Max(0, availableMicropoints))
        : checked(hold.GrantedMicropoints + (hold.GrantedMicropoints / 4));
}
