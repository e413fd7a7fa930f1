using System.Diagnostics.Metrics;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Channels;

namespace Aigc2d.ProviderAdapters.Routing;

/// <summary>What the routing counts.</summary>
internal sealed class RoutingMetrics
{
    public const string MeterName = "Aigc2d.Routing";

    private readonly Counter<long> _attempts;
    private readonly Counter<long> _failovers;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _opened;

    public RoutingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _attempts = meter.CreateCounter<long>("aigc2d.routing.attempts", "{attempt}", "Attempts at channels by how they ended.");
        _failovers = meter.CreateCounter<long>("aigc2d.routing.failovers", "{attempt}", "Attempts that went to another channel after a failure.");
        _retries = meter.CreateCounter<long>("aigc2d.routing.retries", "{attempt}", "Attempts that went to the same channel after a failure.");
        _refused = meter.CreateCounter<long>("aigc2d.routing.retries_refused", "{call}", "Calls that failed because the budget for repeats was spent.");
        _opened = meter.CreateCounter<long>("aigc2d.breaker.opened", "{time}", "How often the circuit of a model over a channel opened.");
    }

    public void CountAttempt(Candidate candidate, AttemptEnd end) => _attempts.Add(
        1, new("channel", candidate.Channel.Label), new("model", candidate.Model.Name), new("provider", candidate.Channel.Provider), new("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(end.ToString())));

    /// <param name="from">The channel that failed.</param>
    /// <param name="to">The channel that is asked next.</param>
    public void CountNext(Channel from, Channel to) =>
        (from.Id == to.Id ? _retries : _failovers).Add(1, new("channel", from.Label), new("provider", from.Provider));

    public void CountRefused(string provider) => _refused.Add(1, new KeyValuePair<string, object?>("provider", provider));

    public void CountOpened(Channel channel, string model) => _opened.Add(1, new("channel", channel.Label), new("model", model));
}
