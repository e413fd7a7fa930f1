using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ProviderAdapters.Tests.Routing;

/// <summary>A circuit through its whole life, as callers, operators and dashboards see it; on a clock of the test's own.</summary>
public sealed class BreakerTests(AdaptersFixture fixture)
{
    [Fact]
    public async Task The_breaker_opens_answers_at_once_probes_once_and_closes()
    {
        var clock = new TestClock();
        var upstream = new Upstream();
        await using var raw = await RawUpstream.StartAsync(upstream.AnswerAsync);
        var adapters = await fixture.StartAsync(
            new() { ["Routing:RetryFloor"] = "0", ["Routing:RetryShare"] = "0" }, configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var model = new TestModel($"model-{Guid.CreateVersion7():N}", "up", "up");
        model = model with { ChannelId = await adapters.ChannelAsync(raw.BaseAddress, model) };
        using var metrics = new Metrics(model.ChannelId);

        for (var i = 0; i < 20; i++) Assert.Equal(502, (await adapters.AskAsync(TestCall.Of(model, stream: i % 2 == 0))).Status);
        await Eventually.Equal("open", async () => (await HealthAsync()).GetProperty("breaker").GetString());
        await Eventually.Equal(1, () => Task.FromResult(metrics.Sum("aigc2d.breaker.opened")));
        Assert.Equal((20, 2), (metrics.Sum("aigc2d.routing.attempts"), metrics.Gauge("aigc2d.breaker.state")));

        var refused = TestCall.Of(model, stream: true);
        var answer = await adapters.AskAsync(refused);
        Assert.Equal((503, "no_channel", 15.0, 20), (answer.Status, answer.Failure, answer.RetryAfter, upstream.Asked));
        await fixture.AssertRecordedAsync(refused.Row(null, EndCause.ProviderError, TokenCounts.None, accepted: false), adapters);

        upstream.IsWell = true;
        clock.Advance(TimeSpan.FromSeconds(15.1));
        var probe = adapters.AskAsync(TestCall.Of(model, stream: false));
        await Eventually.Equal(21, () => Task.FromResult(upstream.Asked));
        Assert.Equal(("half_open", 1), ((await HealthAsync()).GetProperty("breaker").GetString(), metrics.Gauge("aigc2d.breaker.state")));
        Assert.Equal((503, 21), ((await adapters.AskAsync(TestCall.Of(model, stream: false))).Status, upstream.Asked));
        upstream.LetGo.SetResult();
        Assert.Equal(200, (await probe).Status);

        await Eventually.Equal("closed", async () => (await HealthAsync()).GetProperty("breaker").GetString());
        Assert.Equal(0, metrics.Gauge("aigc2d.breaker.state"));
        Assert.Equal(200, (await adapters.AskAsync(TestCall.Of(model, stream: false))).Status);
        var health = await HealthAsync();
        Assert.Equal((2, 0, "status 500: the answer is not OpenAI's error object"), (health.GetProperty("successes").GetInt32(), health.GetProperty("failures").GetInt32(), health.GetProperty("lastError").GetProperty("text").GetString()));

        async Task<JsonElement> HealthAsync() =>
            (await adapters.Client.GetFromJsonAsync<JsonElement>($"/admin/channels/{model.ChannelId}/health")).GetProperty("models")[0];
    }

    /// <summary>Ill at first; once well, it answers when it is let go.</summary>
    private sealed class Upstream
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public bool IsWell { get; set; }

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task AnswerAsync(HttpContext http)
        {
            Interlocked.Increment(ref _asked);
            if (!IsWell)
            {
                http.Response.StatusCode = 500;
                return;
            }

            await LetGo.Task;
            await http.Response.WriteAsJsonAsync(new { choices = new[] { new { index = 0, message = new { role = "assistant", content = "Well." }, finish_reason = "stop" } }, usage = new { prompt_tokens = 3, completion_tokens = 1 } });
        }
    }

    /// <summary>What is measured about one channel.</summary>
    private sealed class Metrics : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentDictionary<string, int> _sums = new();
        private readonly ConcurrentDictionary<string, int> _gauges = new();

        public Metrics(Guid channelId)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Aigc2d.Routing") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if (IsOf(channelId, tags)) _sums.AddOrUpdate(instrument.Name, (int)value, (_, sum) => sum + (int)value);
            });
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
            {
                if (IsOf(channelId, tags)) _gauges[instrument.Name] = value;
            });
            _listener.Start();
        }

        public int Sum(string name) => _sums.GetValueOrDefault(name);

        public int Gauge(string name)
        {
            _listener.RecordObservableInstruments();
            return _gauges[name];
        }

        public void Dispose() => _listener.Dispose();

        private static bool IsOf(Guid channelId, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "channel" && Equals(tag.Value, channelId)) return true;
            }

            return false;
        }
    }
}
