using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
}
