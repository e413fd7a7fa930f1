using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Tests.Ledger;

/// <summary>
/// The ledger as a page of arithmetic: what the rules say, without a database. Two prices of 6 and 8 points per 1,000 tokens: one holds what the
/// client asks for, the other at most <see cref="CappedOutput"/> of <see cref="MostOutput"/> output tokens.
/// </summary>
internal sealed class LedgerModel(IEnumerable<long> openingBalances, long dayCap)
{
    public const int Input = 100;
    public const int AskedOutput = 50;
    public const int CappedOutput = 40;
    public const int MostOutput = 200;

    private readonly Dictionary<Guid, Hold> _holds = [];
    private readonly HashSet<Guid> _settled = [];

    public long[] Balances { get; } = [.. openingBalances];

    public long Held(int account) => _holds.Values.Where(hold => hold.Account == account && hold.IsOpen).Sum(hold => hold.Granted);

    public long Available(int account) => Balances[account] - Held(account);

    public HoldOutcome Place(Guid request, int account, bool isCapped)
    {
        if (_holds.TryGetValue(request, out var earlier)) return earlier.IsOpen ? HoldOutcome.Placed : HoldOutcome.RequestIdConflict;

        var granted = Price(Input, isCapped ? CappedOutput : AskedOutput);
        if (Available(account) < granted) return HoldOutcome.InsufficientPoints;
        if (Spent(account) + granted > dayCap) return HoldOutcome.DayCapReached;

        _holds.Add(request, new(account, granted, isCapped ? Price(Input, MostOutput) : granted + (granted / 4), isCapped, IsOpen: true));
        return HoldOutcome.Placed;
    }

    public void End(Guid request, bool leavesTombstone)
    {
        if (_holds.TryGetValue(request, out var hold)) _holds[request] = hold with { IsOpen = false };
        else if (leavesTombstone) _holds.Add(request, Hold.Tombstone);
    }

    public void Settle(Guid request, int output, EndCause cause, bool isEstimated, bool isOwnKey)
    {
        if (!_settled.Add(request)) return;
        if (_holds.TryGetValue(request, out var hold) && hold.Granted > 0 && cause is EndCause.Completed or EndCause.OutputCut)
        {
            var agreed = Math.Min(Price(Input, output), isEstimated ? hold.Granted : hold.Most);
            if (isOwnKey) agreed = Math.Max(10_000, (agreed + 9) / 10);
            var available = Math.Max(0, Available(hold.Account));
            var charged = hold switch
            {
                { IsOpen: false } => Math.Min(agreed, available),
                { IsCapped: true } when agreed > hold.Granted => Math.Min(agreed, hold.Granted + available),
                _ => agreed,
            };
            Balances[hold.Account] -= charged;
            _holds[request] = hold with { Charged = charged };
        }

        End(request, leavesTombstone: true);
    }

    public bool Adjust(int account, long micropoints)
    {
        if (micropoints < 0 && Available(account) + micropoints < 0) return false;

        Balances[account] += micropoints;
        return true;
    }

    private long Spent(int account) => _holds.Values.Where(hold => hold.Account == account).Sum(hold => hold.IsOpen ? hold.Granted : hold.Charged);

    private static long Price(int input, int output) => Math.Max(10_000, (input * 6_000L) + (output * 8_000L));

    private sealed record Hold(int Account, long Granted, long Most, bool IsCapped, bool IsOpen, long Charged = 0)
    {
        public static readonly Hold Tombstone = new(-1, 0, 0, IsCapped: false, IsOpen: false);
    }
}
