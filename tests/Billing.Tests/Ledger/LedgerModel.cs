using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Tests.Ledger;

/// <summary>The ledger as a page of arithmetic: what the rules say, without a database. One price: 6 and 8 points per 1,000 tokens.</summary>
internal sealed class LedgerModel
{
    private readonly Dictionary<Guid, (int Account, long Granted, string State)> _holds = [];
    private readonly HashSet<Guid> _settled = [];

    public LedgerModel(IEnumerable<long> openingBalances) => Balances = [.. openingBalances];

    public long[] Balances { get; }

    public long Held(int account) => _holds.Values.Where(hold => hold.Account == account && hold.State == "open").Sum(hold => hold.Granted);

    public HoldOutcome Place(Guid request, int account, int input, int output)
    {
        if (_holds.TryGetValue(request, out var earlier)) return earlier.State == "open" ? HoldOutcome.Placed : HoldOutcome.RequestIdConflict;

        var granted = Price(input, output);
        if (Balances[account] - Held(account) < granted) return HoldOutcome.InsufficientPoints;

        _holds.Add(request, (account, granted, "open"));
        return HoldOutcome.Placed;
    }

    public void Release(Guid request, int account)
    {
        if (!_holds.TryGetValue(request, out var hold)) _holds.Add(request, (account, 0, "tombstone"));
        else if (hold.State == "open") _holds[request] = hold with { State = "released" };
    }

    public void Expire(Guid request)
    {
        if (_holds.TryGetValue(request, out var hold) && hold.State == "open") _holds[request] = hold with { State = "expired" };
    }

    public void Settle(Guid request, int input, int output, EndCause cause)
    {
        if (!_settled.Add(request)) return;
        if (!_holds.TryGetValue(request, out var hold))
        {
            _holds.Add(request, (-1, 0, "tombstone"));
            return;
        }

        var charged = cause is EndCause.Completed or EndCause.OutputCut;
        if (charged && hold.State is not "tombstone")
        {
            var price = Price(input, output);
            Balances[hold.Account] -= hold.State == "open"
                ? Math.Min(price, hold.Granted + (hold.Granted / 4))
                : Math.Min(price, Math.Max(0, Balances[hold.Account] - Held(hold.Account)));
        }

        if (hold.State == "open") _holds[request] = hold with { State = "settled" };
    }

    private static long Price(int input, int output) => Math.Max(10_000, (input * 6_000L) + (output * 8_000L));
}
