using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Aigc2d.Gateway.Tests.Edges;

public sealed class DrainTests
{
    [Fact]
    public async Task On_shutdown_health_says_so_first_and_running_streams_finish()
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock, new Dictionary<string, string?> { ["Drain:Notice"] = "00:00:05" });
        var goOn = new TaskCompletionSource();
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Streaming(["data: 1\n\n"u8.ToArray(), "data: [DONE]\n\n"u8.ToArray()], _ => goOn.Task);
        var customer = edge.Customer();
        using var answer = await edge.ChatAsync(customer, """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}],"stream":true}""");

        var stopping = edge.Services.GetRequiredService<IHost>().StopAsync();
        await Eventually.Equal(503, async () => (int)(await edge.Public.GetAsync("/health")).StatusCode);
        // The port is still open: who has not looked at the health yet is served.
        using var late = await edge.SendAsync(HttpMethod.Get, "/v1/models", customer.Key);
        Assert.Equal((200, 200), ((int)late.StatusCode, (int)(await edge.Public.GetAsync("/alive")).StatusCode));

        clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.True(async () => !await TestSockets.AnswersAsync(edge.Public.BaseAddress!.Port, CancellationToken.None));
        Assert.False(stopping.IsCompleted);
        goOn.SetResult();
        Assert.Equal("data: 1\n\ndata: [DONE]\n\n", await answer.TextAsync());
        await stopping;
    }

    [Fact]
    public async Task Running_answers_have_300_seconds_to_finish()
    {
        await using var edge = await Edge.StartAsync();
        Assert.InRange(edge.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout.TotalSeconds, 300, 330);
    }

    [Fact]
    public async Task Without_the_secret_for_idempotency_keys_the_gateway_does_not_start()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Edge.StartAsync(settings: new Dictionary<string, string?> { ["Idempotency:Key"] = "c2hvcnQ=" }));
        Assert.Equal("Idempotency:Key must be set to at least 32 random bytes in base64, the same for every gateway.", failure.Message);
    }
}
