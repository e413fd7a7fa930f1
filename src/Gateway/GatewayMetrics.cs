using System.Diagnostics.Metrics;
using System.Text.Json;
using Aigc2d.Gateway.Admission;
using Aigc2d.Gateway.Forwarding;

namespace Aigc2d.Gateway;

/// <summary>What the gateway measures: counts, durations and outcomes, never who asked or what.</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter<long> _admissions;
    private readonly Histogram<double> _admission;
    private readonly Counter<long> _images;
    private readonly Histogram<double> _upstream;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _ends;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Aigc2d.Gateway");
        _admissions = meter.CreateCounter<long>("aigc2d.gateway.admissions", "{call}", "Calls decided, by outcome.");
        _admission = meter.CreateHistogram<double>("aigc2d.gateway.admission.duration", "s", "Time to screen and hold, by outcome.");
        _images = meter.CreateCounter<long>("aigc2d.gateway.images", "{image}", "Images of prompts that a provider's moderation was to look at, by what came of it: verdict, remembered, unreadable or no_word.");
        _upstream = meter.CreateHistogram<double>("aigc2d.gateway.upstream.duration", "s", "Time until the head of the provider's answer, by result.");
        _active = meter.CreateUpDownCounter<long>("aigc2d.gateway.calls.active", "{call}", "Provider calls under way, plain and streaming.");
        _ends = meter.CreateCounter<long>("aigc2d.gateway.calls.ended", "{call}", "Provider calls that ended, by how.");
    }

    /// <summary>A call that was screened and held, or not.</summary>
    public void RecordAdmission(AdmissionDecision decision, TimeSpan duration)
    {
        var outcome = decision.Outcome == AdmissionOutcome.HoldRefused ? decision.Hold!.Outcome.ToString() : decision.Outcome.ToString();
        var tag = new KeyValuePair<string, object?>("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome));
        _admissions.Add(1, tag);
        _admission.Record(duration.TotalSeconds, tag);
    }

    /// <summary>An image that was looked at, or not.</summary>
    public void CountImage(string result) => _images.Add(1, new KeyValuePair<string, object?>("result", JsonNamingPolicy.SnakeCaseLower.ConvertName(result)));

    /// <summary>A call that the gateway itself refused.</summary>
    public void CountRefused(string outcome) => _admissions.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void RecordUpstream(TimeSpan duration, string result) => _upstream.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("result", result));

    public void CountEnd(CopyEnd end) => _ends.Add(1, new KeyValuePair<string, object?>("end", JsonNamingPolicy.SnakeCaseLower.ConvertName(end.ToString())));

    /// <summary>Counts a call as under way until it is disposed.</summary>
    public ActiveCall CountActive(bool isStream)
    {
        _active.Add(1, new KeyValuePair<string, object?>("stream", isStream));
        return new(_active, isStream);
    }

    internal readonly struct ActiveCall(UpDownCounter<long> active, bool isStream) : IDisposable
    {
        public void Dispose() => active.Add(-1, new KeyValuePair<string, object?>("stream", isStream));
    }
}
