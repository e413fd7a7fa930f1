using System.Text;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Routing;

/// <summary>An instance with a first-byte limit of less than a second, and an upstream that fails in every way before it has said anything.</summary>
public sealed class RoutingFixture(AdaptersFixture shared) : IAsyncLifetime
{
    private ServiceUnderTest _faulty = null!;

    public AdaptersFixture Shared { get; } = shared;

    public AdaptersHost Adapters { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Adapters = await Shared.StartAsync(new() { ["Calls:FirstByteLimit"] = "00:00:00.700", ["Routing:RetryFloor"] = "10000", ["Routing:ShortestDelay"] = "00:00:00.050", ["Routing:LongestDelay"] = "00:00:00.060" });
        _faulty = await RawUpstream.StartAsync(FailAsync);
    }

    /// <summary>Opens a channel for a model that is asked before others and fails in the given way.</summary>
    public async Task<TestModel> FaultyAsync(TestModel model, string fault, int priority = 5)
    {
        if (!fault.StartsWith("raw-", StringComparison.Ordinal) && fault != "refused") return await Adapters.SecondAsync(model, fault, priority);
        var address = fault == "refused" ? new Uri($"http://127.0.0.1:{TestSockets.FreePort()}") : _faulty.BaseAddress;
        var faulty = model with { Upstream = fault, Base = fault };
        return faulty with { ChannelId = await Adapters.ChannelAsync(address, faulty, priority: priority) };
    }

    public async ValueTask DisposeAsync() => await _faulty.DisposeAsync();

    private static async Task FailAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var isStream = body.Contains("\"stream\":true", StringComparison.Ordinal);
        http.Response.ContentType = isStream && !body.Contains("raw-json-error", StringComparison.Ordinal) ? "text/event-stream" : "application/json";
        if (body.Contains("raw-cut", StringComparison.Ordinal))
        {
            if (!isStream) http.Response.ContentLength = 1_000;
            await http.Response.StartAsync();
            http.Abort();
            return;
        }

        const string Error = """{"error":{"message":"The model is overloaded.","type":"server_error","param":null,"code":null}}""";
        var text = body.Contains("raw-garbage", StringComparison.Ordinal) ? "{\"choices\":[{" : Error;
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(http.Response.ContentType == "text/event-stream" ? $"data: {text}\n\n" : text));
    }
}
