using System.Diagnostics.Metrics;
using Aigc2d.Billing.Settlements;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;

namespace Aigc2d.Billing.Ledger;

/// <summary>Counters of the money path.</summary>
internal sealed class LedgerMetrics
{
    private readonly Counter<long> _holds;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _settlements;
    private readonly Counter<long> _charged;
    private readonly Counter<long> _lost;

    public LedgerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Aigc2d.Billing");
        _holds = meter.CreateCounter<long>("aigc2d.holds", "{hold}", "Holds decided, by outcome.");
        _expired = meter.CreateCounter<long>("aigc2d.holds.expired", "{hold}", "Holds that nobody renewed.");
        _settlements = meter.CreateCounter<long>("aigc2d.settlements", "{settlement}", "Calls settled, by end cause and rule.");
        _charged = meter.CreateCounter<long>("aigc2d.charged", "{micropoint}", "Micropoints charged.");
        _lost = meter.CreateCounter<long>("aigc2d.lost", "{micropoint}", "Micropoints of usage that could not be charged: alarm.");
    }

    public void HoldDecided(HoldOutcome outcome) => _holds.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    public void HoldsExpired(int count) => _expired.Add(count);

    public void Settled(EndCause cause, Charge charge)
    {
        _settlements.Add(1, new("end_cause", EndCauses.NameOf(cause)), new KeyValuePair<string, object?>("rule", charge.Rule));
        _charged.Add(charge.ChargedMicropoints);
        _lost.Add(charge.PriceMicropoints - charge.ChargedMicropoints);
    }
}
