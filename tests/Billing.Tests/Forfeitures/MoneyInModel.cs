using Aigc2d.Billing.Forfeitures;
using Aigc2d.Billing.Redemptions;
using Aigc2d.Billing.Tests.Ledger;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Forfeitures;

/// <summary>Holds as <see cref="LedgerModel"/> has them, and beside them bans, appeals and codes of one point: what the rules say, without a database.</summary>
internal sealed class MoneyInModel(long[] openingBalances)
{
    private readonly LedgerModel _ledger = new(openingBalances, long.MaxValue);
    private readonly HashSet<Guid> _known = [];
    private readonly SortedDictionary<int, Ban> _bans = [];
    private readonly Dictionary<int, int> _redeemers = [];
    private readonly HashSet<(int Ban, int Appeal)> _appeals = [];

    /// <summary>Balance, held and sealed of an account.</summary>
    public (long Balance, long Held, long Sealed) Stand(int account) =>
        (_ledger.Balances[account], _ledger.Held(account), _bans.Values.Where(ban => ban.Account == account && ban.State == "sealed").Sum(ban => ban.Taken));

    public string? StateOf(int ban) => _bans.GetValueOrDefault(ban)?.State;

    public HoldOutcome Place(Guid request, int account)
    {
        if (!_known.Contains(request) && IsSealed(account)) return HoldOutcome.AccountBlocked;

        var outcome = _ledger.Place(request, account, isCapped: false);
        if (outcome == HoldOutcome.Placed) _known.Add(request);
        return outcome;
    }

    public void Settle(Guid request, int output)
    {
        _ledger.Settle(request, output, EndCause.Completed, isEstimated: false, isOwnKey: false);
        _known.Add(request);
    }

    public void Release(Guid request)
    {
        _ledger.End(request, leavesTombstone: true);
        _known.Add(request);
    }

    public bool Adjust(int account, long micropoints) => (micropoints > 0 || !IsSealed(account)) && _ledger.Adjust(account, micropoints);

    public RedemptionOutcome Redeem(int code, int account)
    {
        if (IsSealed(account)) return RedemptionOutcome.AccountSealed;
        if (_redeemers.TryGetValue(code, out var redeemer)) return redeemer == account ? RedemptionOutcome.AlreadyYours : RedemptionOutcome.Used;

        _redeemers.Add(code, account);
        _ledger.Balances[account] += Point;
        return RedemptionOutcome.Redeemed;
    }

    public ForfeitureOutcome Order(int ban, int account)
    {
        if (_bans.TryGetValue(ban, out var earlier)) return earlier.Account == account ? ForfeitureOutcome.Done : ForfeitureOutcome.OtherOrder;

        _bans.Add(ban, new(account, _bans.Count));
        return ForfeitureOutcome.Done;
    }

    public ForfeitureOutcome Post(int number)
    {
        if (!_bans.TryGetValue(number, out var ban)) return ForfeitureOutcome.Unknown;
        if (ban.State == "posted") return ForfeitureOutcome.Done;
        if (ban.State == "reversed") return ForfeitureOutcome.AlreadyReversed;
        if (ban.Reversal == "pending") return ForfeitureOutcome.ReversalPending;
        if (ban.State == "ordered") return ForfeitureOutcome.CallsRunning;

        ban.State = "posted";
        return ForfeitureOutcome.Done;
    }

    public ForfeitureOutcome Reverse(int number, int appeal, string actor)
    {
        if (!_bans.TryGetValue(number, out var ban)) return ForfeitureOutcome.Unknown;
        if (_appeals.Contains((number, appeal))) return ForfeitureOutcome.Done;
        if (ban.State == "reversed") return ForfeitureOutcome.AlreadyReversed;
        if (ban.Reversal == "pending") return ForfeitureOutcome.ReversalPending;

        _appeals.Add((number, appeal));
        (ban.Reversal, ban.RequestedBy) = ("pending", actor);
        return ForfeitureOutcome.Done;
    }

    public ForfeitureOutcome Approve(int number, string actor)
    {
        if (!_bans.TryGetValue(number, out var ban)) return ForfeitureOutcome.Unknown;
        if (ban.State == "reversed") return ForfeitureOutcome.Done;
        if (ban.Reversal != "pending") return ForfeitureOutcome.NothingPending;
        if (ban.RequestedBy == actor) return ForfeitureOutcome.SamePerson;

        _ledger.Balances[ban.Account] += ban.Taken;
        (ban.State, ban.Reversal) = ("reversed", "approved");
        return ForfeitureOutcome.Done;
    }

    public ForfeitureOutcome Refuse(int number)
    {
        if (!_bans.TryGetValue(number, out var ban)) return ForfeitureOutcome.Unknown;
        if (ban.Reversal == "refused") return ForfeitureOutcome.Done;
        if (ban.Reversal != "pending") return ForfeitureOutcome.NothingPending;

        ban.Reversal = "refused";
        return ForfeitureOutcome.Done;
    }

    /// <summary>What only waits for the last call to end: bans take what is there, in the order they were given.</summary>
    public void Advance()
    {
        foreach (var ban in _bans.Values.Where(ban => ban.State == "ordered" && _ledger.Held(ban.Account) == 0).OrderBy(ban => ban.Order))
        {
            ban.State = "sealed";
            ban.Taken = Math.Max(0, _ledger.Balances[ban.Account]);
            _ledger.Balances[ban.Account] -= ban.Taken;
        }
    }

    private bool IsSealed(int account) => _bans.Values.Any(ban => ban.Account == account && ban.State != "reversed");

    private sealed class Ban(int account, int order)
    {
        public int Account => account;

        public int Order => order;

        public string State { get; set; } = "ordered";

        public long Taken { get; set; }

        public string? Reversal { get; set; }

        public string? RequestedBy { get; set; }
    }
}
