using Aigc2d.Billing.Ledger;
using Aigc2d.Billing.Prices;
using Aigc2d.Contracts.Billing;

namespace Aigc2d.Billing.Holds;

/// <summary>Decides the holds of one batch, one after the other, under the locks of its transaction.</summary>
internal sealed class HoldDecisions(LedgerUnit unit, PriceList.Snapshot prices, KnownHolds known, int ownKeyFeePpm)
{
    public List<HoldRow> Placed { get; } = [];

    public List<(Guid KeyId, DateOnly Day, long Micropoints)> KeySpending { get; } = [];

    public List<(Guid AccountId, string KeyHash, string BodyHash, Guid RequestId)> IdempotencyKeys { get; } = [];

    public PlaceHoldResult Decide(PlaceHold ask)
    {
        var fingerprint = HoldRequest.Fingerprint(ask);
        if (known.Holds.TryGetValue(ask.RequestId, out var earlier)) return Repeated(earlier, fingerprint);
        if (prices.InForce(ask.Model, unit.Now) is not { } price) return Refused(HoldOutcome.UnknownModel);
        if (ask.MaxOutputTokens != 0 && price.IsTooLong(ask.InputTokens)) return Refused(HoldOutcome.ContextLengthExceeded) with { ContextTokens = price.ContextTokens!.Value };
        if (!price.Covers(Quantities.Of(ask, 0))) return Refused(HoldOutcome.NotPriced);
        if (FirstUse(ask) is { } replay) return replay;
        if (Priced(ask, price, fingerprint) is not { } hold) return Refused(HoldOutcome.Invalid);

        return Refusal(ask, hold) ?? Place(ask, hold);
    }

    private static PlaceHoldResult Refused(HoldOutcome outcome) => new() { Outcome = outcome };

    /// <summary>The same request id with the same content answers as the first time, without any effect.</summary>
    private static PlaceHoldResult Repeated(HoldRow earlier, byte[] fingerprint) =>
        earlier.IsOpen && earlier.Fingerprint.AsSpan().SequenceEqual(fingerprint) ? ResultOf(earlier) : Refused(HoldOutcome.RequestIdConflict);

    /// <summary>Null when the idempotency key is free: never used, out of date, or used by a request that ended without a charge.</summary>
    private PlaceHoldResult? FirstUse(PlaceHold ask)
    {
        if (ask.IdempotencyKeyHash is null || !known.IdempotencyKeys.TryGetValue((ask.AccountId, ask.IdempotencyKeyHash), out var first)) return null;

        var hold = known.Holds.GetValueOrDefault(first.RequestId);
        if (first.BodyHash != ask.BodyHash) return Refused(HoldOutcome.IdempotencyConflict) with { FirstRequestId = first.RequestId };
        if (hold is null or { IsOpen: false, SettledMicropoints: 0 }) return null;

        return Refused(HoldOutcome.IdempotencyReplayed) with { FirstRequestId = first.RequestId, FirstChargeMicropoints = hold.IsOpen ? null : hold.SettledMicropoints };
    }

    private HoldRow? Priced(PlaceHold ask, Price price, byte[] fingerprint)
    {
        try
        {
            var isTask = ask.TaskAction is not null || ask.Diffusion is not null;
            var output = isTask ? 0 : price.OutputToHold(ask.InputTokens, ask.MaxOutputTokens, ask.Choices);
            var most = ask.MaxOutputTokens is null && !isTask ? price.MostOutput(ask.InputTokens, ask.Choices) : output;
            var asked = Quantities.Of(ask, output);
            return new()
            {
                RequestId = ask.RequestId,
                AccountId = ask.AccountId,
                KeyId = ask.KeyId,
                Model = ask.Model,
                PriceVersion = price.Version,
                MultiplierPpm = ask.MultiplierPpm,
                OwnKeyFeePpm = ownKeyFeePpm,
                InputTokens = ask.InputTokens,
                HeldOutputTokens = output,
                MostMicropoints = price.ChargeFor(asked with { OutputTokens = most }, ask.MultiplierPpm),
                GrantedMicropoints = price.ChargeFor(asked, ask.MultiplierPpm),
                SettledMicropoints = 0,
                State = "open",
                Fingerprint = fingerprint,
                PlacedAt = unit.Now,
                ExpiresAt = unit.Now + (isTask ? HoldPlacement.TaskLife : HoldPlacement.Life),
                Quantities = asked.ToColumn(),
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private PlaceHoldResult? Refusal(PlaceHold ask, HoldRow hold)
    {
        var account = unit.Account(ask.AccountId);
        if (account is { IsSealed: true }) return Refused(HoldOutcome.AccountBlocked);

        var available = account?.AvailableMicropoints ?? 0;
        if (available < hold.GrantedMicropoints)
            return Refused(HoldOutcome.InsufficientPoints) with { Micropoints = hold.GrantedMicropoints, AvailableMicropoints = Math.Max(0, available) };

        var capReached = account!.SpentOn(unit.Today) + hold.GrantedMicropoints > (ask.AccountMicropointsPerDay ?? long.MaxValue)
            || SpentByKey(ask.KeyId) + hold.GrantedMicropoints > (ask.KeyMicropointsPerDay ?? long.MaxValue);
        return capReached ? Refused(HoldOutcome.DayCapReached) with { Micropoints = hold.GrantedMicropoints } : null;
    }

    private PlaceHoldResult Place(PlaceHold ask, HoldRow hold)
    {
        var account = unit.Account(ask.AccountId)!;
        account.Hold(hold.GrantedMicropoints);
        account.Spend(unit.Today, hold.GrantedMicropoints);
        known.KeySpending[ask.KeyId] = (unit.Today, SpentByKey(ask.KeyId) + hold.GrantedMicropoints);
        KeySpending.Add((ask.KeyId, unit.Today, hold.GrantedMicropoints));

        Placed.Add(hold);
        known.Holds.Add(hold.RequestId, hold);
        if (ask.IdempotencyKeyHash is not null)
        {
            known.IdempotencyKeys[(ask.AccountId, ask.IdempotencyKeyHash)] = (ask.BodyHash!, ask.RequestId);
            IdempotencyKeys.Add((ask.AccountId, ask.IdempotencyKeyHash, ask.BodyHash!, ask.RequestId));
        }

        return ResultOf(hold);
    }

    private long SpentByKey(Guid keyId) => known.KeySpending.TryGetValue(keyId, out var spent) && spent.Day == unit.Today ? spent.Micropoints : 0;

    private static PlaceHoldResult ResultOf(HoldRow hold) => new()
    {
        Outcome = HoldOutcome.Placed,
        Micropoints = hold.GrantedMicropoints,
        HeldOutputTokens = hold.HeldOutputTokens,
        ExpiresAt = hold.ExpiresAt,
    };
}
