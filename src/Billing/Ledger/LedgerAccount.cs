namespace Aigc2d.Billing.Ledger;

/// <summary>A ledger account as it stands under this transaction's lock.</summary>
internal sealed class LedgerAccount(Guid id, long balance, long held, long feedSequence, DateOnly spendDay, long spend, bool isSealed)
{
    public static readonly Guid Revenue = new("00000000-0000-0000-0000-000000000001");
    public static readonly Guid Issuance = new("00000000-0000-0000-0000-000000000002");
    public static readonly Guid Adjustments = new("00000000-0000-0000-0000-000000000004");
    public static readonly Guid Sealed = new("00000000-0000-0000-0000-000000000005");
    public static readonly Guid Forfeited = new("00000000-0000-0000-0000-000000000006");

    public Guid Id { get; } = id;

    public long BalanceMicropoints { get; private set; } = balance;

    public long HeldMicropoints { get; private set; } = held;

    public long AvailableMicropoints => BalanceMicropoints - HeldMicropoints;

    public long FeedSequence { get; private set; } = feedSequence;

    public DateOnly SpendDay { get; private set; } = spendDay;

    public long SpendMicropoints { get; private set; } = spend;

    /// <summary>Whether the points are sealed by enforcement: they stay, but nothing may be held against them.</summary>
    public bool IsSealed { get; } = isSealed;

    public void Hold(long micropoints) => HeldMicropoints = checked(HeldMicropoints + micropoints);

    public void Unhold(long micropoints) => HeldMicropoints = checked(HeldMicropoints - micropoints);

    /// <summary>Whether the balance stays within what an amount may be.</summary>
    public bool CanPost(long amountMicropoints) => Int128.Abs((Int128)BalanceMicropoints + amountMicropoints) <= Micropoints.Max;

    public void Post(long amountMicropoints) => BalanceMicropoints = checked(BalanceMicropoints + amountMicropoints);

    public long NextFeedSequence() => ++FeedSequence;

    public long SpentOn(DateOnly day) => SpendDay == day ? SpendMicropoints : 0;

    /// <summary>Counts towards the cap of <paramref name="day"/>; what was spent on a past day no longer matters.</summary>
    public void Spend(DateOnly day, long micropoints)
    {
        if (day < SpendDay) return;

        SpendMicropoints = SpentOn(day) + micropoints;
        SpendDay = day;
    }
}
