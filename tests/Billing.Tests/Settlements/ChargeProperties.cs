using System.Numerics;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Prices;
using Aigc2d.Billing.Settlements;
using Aigc2d.Contracts.Providers;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Billing.Tests.Settlements;

/// <summary>What holds for the charge of any usage on any hold.</summary>
public sealed class ChargeProperties
{
    private const long Plenty = 1_000_000_000_000;

    private static readonly EndCause[] FreeCauses = [EndCause.ProviderError, EndCause.ProviderTimeout, EndCause.ProviderCut, EndCause.PlatformCrash, EndCause.DrainCut];

    [Fact]
    public void A_free_ending_is_free_and_any_other_is_priced() => ForAll(call =>
    {
        var charge = call.ChargeWith(Plenty);
        var isFree = FreeCauses.Contains(call.Cause) || (call.Cause == EndCause.ClientAbort && !call.Accepted);

        return isFree ? charge == new Charge("free", 0, 0) : charge.PriceMicropoints >= 10_000 && charge.ChargedMicropoints > 0;
    });

    [Fact]
    public void Nobody_pays_more_than_the_price() => ForAll(call => call.ChargeWith(call.Available) is var charge && charge.ChargedMicropoints <= charge.PriceMicropoints);

    [Fact]
    public void What_was_counted_here_never_costs_more_than_was_held() => ForAll(call =>
        !call.Estimated || call.ChargeWith(call.Available).ChargedMicropoints <= call.Hold.GrantedMicropoints);

    [Fact]
    public void A_charge_above_the_hold_stays_within_its_cap() => ForAll(call =>
    {
        var charged = call.ChargeWith(call.Available).ChargedMicropoints;
        return call.Hold.MostMicropoints > call.Hold.GrantedMicropoints
            ? charged <= call.Hold.MostMicropoints
            : charged <= call.Hold.GrantedMicropoints + (call.Hold.GrantedMicropoints / 4);
    });

    [Fact]
    public void Points_that_are_not_there_are_charged_by_the_small_overdraft_only() => ForAll(call =>
        call.Hold.MostMicropoints == call.Hold.GrantedMicropoints || !call.Hold.IsOpen
        || call.ChargeWith(call.Available).ChargedMicropoints <= call.Hold.GrantedMicropoints + Math.Max(0, call.Available));

    [Fact]
    public void Whether_the_usage_comes_before_or_after_the_hold_has_ended_makes_no_difference_with_enough_points() => ForAll(call =>
        call.ChargeWith(Plenty).ChargedMicropoints == (call with { State = call.State == "open" ? "expired" : "open" }).ChargeWith(Plenty).ChargedMicropoints);

    [Fact]
    public void A_late_charge_takes_available_points_only() => ForAll(call =>
        call.Hold.IsOpen || call.ChargeWith(call.Available).ChargedMicropoints <= Math.Max(0, call.Available));

    [Fact]
    public void Over_an_own_key_every_amount_is_its_pinned_share_rounded_up_and_at_least_the_minimum() => ForAll(call =>
    {
        var (own, ours) = ((call with { IsOwnKey = true }).ChargeWith(Plenty), (call with { IsOwnKey = false }).ChargeWith(Plenty));
        return ours.Rule == "free" ? own == ours : own.PriceMicropoints == Share(ours.PriceMicropoints) && own.ChargedMicropoints == Share(ours.ChargedMicropoints);

        long Share(long micropoints) => (long)BigInteger.Max(10_000, BigInteger.DivRem((BigInteger)micropoints * call.FeePpm, 1_000_000, out var rest) + (rest.IsZero ? 0 : 1));
    });

    private static void ForAll(Func<Call, bool> holds) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Calls().ToArbitrary(), holds));

    private static Gen<Call> Calls() =>
        from cause in Gen.Elements(Enum.GetValues<EndCause>())
        from accepted in Gen.Elements(true, false)
        from estimated in Gen.Elements(true, false)
        from state in Gen.Elements("open", "expired", "released")
        from holdOutput in Gen.Choose(1, 400)
        from isCapped in Gen.Elements(true, false)
        from input in Gen.Choose(0, 300)
        from output in Gen.Choose(0, 2_000)
        from ppm in Gen.Elements(1, 500_000, 1_000_000, 2_500_000)
        from available in Gen.Choose(-1_000_000, 5_000_000)
        from isOwnKey in Gen.Elements(true, false)
        from feePpm in Gen.Elements(0, 1, 99_999, 100_000, 333_333, 1_000_000)
        select new Call(cause, accepted, estimated, state, holdOutput, isCapped, input, output, ppm, available, isOwnKey, feePpm);

    private sealed record Call(
        EndCause Cause, bool Accepted, bool Estimated, string State, int HoldOutput, bool IsCapped, int Input, int Output, int Ppm, long Available, bool IsOwnKey,
        int FeePpm)
    {
        private static readonly Price Row = new()
        {
            Version = 1,
            Model = "m",
            EffectiveFrom = DateTimeOffset.UnixEpoch,
            InputMicropointsPer1k = 6_000_000,
            OutputMicropointsPer1k = 8_000_000,
            ContextTokens = 8_192,
            MaxOutputTokens = 1_000,
        };

        public HoldRow Hold => new()
        {
            RequestId = Guid.Empty,
            AccountId = Guid.Empty,
            KeyId = Guid.Empty,
            Model = Row.Model,
            PriceVersion = 1,
            MultiplierPpm = Ppm,
            OwnKeyFeePpm = FeePpm,
            InputTokens = 100,
            HeldOutputTokens = HoldOutput,
            MostMicropoints = Row.ChargeFor(Tokens(IsCapped ? 1_000 : HoldOutput), Ppm),
            GrantedMicropoints = Row.ChargeFor(Tokens(HoldOutput), Ppm),
            SettledMicropoints = 0,
            State = State,
            Fingerprint = [],
            PlacedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch,
        };

        public Charge ChargeWith(long available)
        {
            var usage = new UsageRecorded
            {
                RequestId = Guid.Empty,
                AccountId = Guid.Empty,
                KeyId = Guid.Empty,
                Model = Row.Model,
                EndCause = Cause,
                ProviderAccepted = Accepted,
                Estimated = Estimated,
                OwnKey = IsOwnKey,
                InputTokens = Input,
                OutputTokens = Output,
                EndedAt = DateTimeOffset.UnixEpoch,
            };
            return Charge.For(usage, Quantities.Of(usage, Hold, Row), Hold, Row, available);
        }

        private static Quantities Tokens(int output) => new() { InputTokens = 100, OutputTokens = output };
    }
}
