using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Aigc2d.Gateway.Bodies;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Stands;

/// <summary>Whether a gateway is as well after an attack as before it. Made before the gateway, because it counts connections from the first one on.</summary>
internal sealed class Aftermath : IDisposable
{
    private readonly ConcurrentDictionary<int, long> _connections = new();
    private readonly MeterListener _listener = new();

    public Aftermath()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "kestrel.active_connections") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, change, tags, _) => Count(change, tags));
        _listener.Start();
    }

    /// <summary>The next caller is served; then no connection and no share of the body budget is left.</summary>
    public async Task AssertNothingIsLeftAsync(Edge edge)
    {
        using (var served = await edge.ChatAsync(edge.Customer(), headers: headers => headers.ConnectionClose = true))
        {
            Assert.Equal((200, AdaptersStandIn.Completion), ((int)served.StatusCode, await served.TextAsync()));
        }

        var budget = edge.Services.GetRequiredService<BodyBudget>();
        await Eventually.Equal((0L, 0L), () => Task.FromResult((_connections.GetValueOrDefault(edge.Public.BaseAddress!.Port), budget.TakenBytes)));
    }

    public void Dispose() => _listener.Dispose();

    private void Count(long change, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name == "server.port") _connections.AddOrUpdate(Convert.ToInt32(value, CultureInfo.InvariantCulture), change, (_, count) => count + change);
        }
    }
}
