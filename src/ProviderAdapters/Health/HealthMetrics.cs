using System.Diagnostics.Metrics;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Routing;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>The channels' health as gauges, read when somebody looks.</summary>
internal sealed class HealthMetrics
{
    private readonly ChannelHealths _healths;
    private readonly TimeProvider _time;

    public HealthMetrics(ChannelHealths healths, IMeterFactory meters, TimeProvider time)
    {
        _healths = healths;
        _time = time;
        var meter = meters.Create(RoutingMetrics.MeterName);
        meter.CreateObservableGauge("aigc2d.breaker.state", Breakers, description: "The circuit of a model over a channel: 0 closed, 1 half-open, 2 open.");
        meter.CreateObservableGauge("aigc2d.channels.resting", Resting, description: "1 for each channel, or model of one, that is not asked for a while.");
        meter.CreateObservableGauge("aigc2d.channels.running", Running, "{attempt}", "Attempts under way.");
    }

    private IEnumerable<Measurement<int>> Breakers() =>
        from channel in _healths.All
        from model in channel.Models
        select new Measurement<int>((int)DescribeHealth.StateOf(model.Value.Breaker), new("channel", channel.Channel.Id), new("model", model.Key));

    private IEnumerable<Measurement<int>> Resting()
    {
        var now = _time.GetUtcNow();
        foreach (var channel in _healths.All)
        {
            if (channel.Rest is { } rest && !rest.IsOver(now)) yield return new(1, new("channel", channel.Channel.Id), new("cause", NameOf(rest)));
            foreach (var (name, model) in channel.Models)
            {
                if (model.Rest is { } modelRest && !modelRest.IsOver(now)) yield return new(1, new("channel", channel.Channel.Id), new("model", name), new("cause", NameOf(modelRest)));
            }
        }
    }

    private IEnumerable<Measurement<int>> Running() => _healths.All.Select(channel => new Measurement<int>(channel.Running, new KeyValuePair<string, object?>("channel", channel.Channel.Id)));

    private static string NameOf(Rest rest) => JsonNamingPolicy.SnakeCaseLower.ConvertName(rest.Cause.ToString());
}
