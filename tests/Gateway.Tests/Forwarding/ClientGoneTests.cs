using System.Net;
using System.Net.Sockets;
using System.Text;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Forwarding;

public sealed class ClientGoneTests
{
    private const string Streaming = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}],"stream":true}""";

    [Fact]
    public async Task A_client_that_leaves_in_mid_stream_is_reported_before_the_connection_closes()
    {
        await using var edge = await Edge.StartAsync();
        var abortsWhenClosed = new TaskCompletionSource<int>();
        Task UntilClosed(int piece) => abortsWhenClosed.Task;
        edge.Siblings.Adapters.Answer = async context =>
        {
            context.RequestAborted.Register(() => abortsWhenClosed.TrySetResult(edge.Siblings.Adapters.Aborts.Count));
            await AdaptersStandIn.Streaming(["data: 1\n\n"u8.ToArray(), []], UntilClosed)(context);
        };
        var answer = await edge.ChatAsync(edge.Customer(), Streaming);
        var stream = await answer.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[9]);
        answer.Dispose();

        Assert.Equal(1, await abortsWhenClosed.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(Guid.Parse(answer.Header("x-request-id")!), Assert.Single(edge.Siblings.Adapters.Aborts));
        Assert.Equal("data: 1\n\n".Length, Assert.Single(edge.Siblings.Adapters.SentBytes));
        Assert.Empty(edge.Siblings.Billing.Releases);
    }

    [Fact]
    public async Task A_client_that_leaves_while_the_provider_thinks_is_reported_before_the_connection_closes()
    {
        await using var edge = await Edge.StartAsync();
        var abortsWhenClosed = new TaskCompletionSource<int>();
        edge.Siblings.Adapters.Answer = async context =>
        {
            context.RequestAborted.Register(() => abortsWhenClosed.TrySetResult(edge.Siblings.Adapters.Aborts.Count));
            await abortsWhenClosed.Task;
        };
        using var client = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Edge.Json(Edge.Hello), Headers = { { "x-api-key", edge.Customer().Key } } };
        var asking = edge.Public.SendAsync(request, client.Token);
        await Eventually.True(() => edge.Siblings.Adapters.Calls.Count == 1);
        await client.CancelAsync();

        Assert.Equal(1, await abortsWhenClosed.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(Assert.Single(edge.Siblings.Billing.Holds).RequestId, Assert.Single(edge.Siblings.Adapters.Aborts));
        Assert.Equal(0, Assert.Single(edge.Siblings.Adapters.SentBytes));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task A_client_that_leaves_just_when_the_answer_begins_counts_as_gone()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = new HttpResponseMessage { Content = new StringContent("data: 1\n\n", Encoding.UTF8, "text/event-stream") };
        using var call = edge.Services.GetRequiredService<ProviderCalls>().Begin(Guid.CreateVersion7());
        var gone = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true), Request = { Path = "/v1/chat/completions" } };

        Assert.Equal(CopyEnd.ClientGone, await new CopyAnswer(TimeProvider.System).CopyAsync(gone, answer, call));
    }

    [Fact]
    public async Task The_report_is_repeated_once_when_it_fails()
    {
        await using var edge = await Edge.StartAsync();
        var reports = 0;
        edge.Siblings.Adapters.Answer = context => AdaptersStandIn.Streaming(["data: 1\n\n"u8.ToArray(), []], _ => Task.Delay(Timeout.Infinite, context.RequestAborted))(context);
        var answer = await edge.ChatAsync(edge.Customer(), Streaming);
        edge.Siblings.Adapters.Routes[$"POST /internal/calls/{answer.Header("x-request-id")}/abort"] = context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref reports) == 1 ? 503 : 204;
            return Task.CompletedTask;
        };
        answer.Dispose();
        await Eventually.True(() => Volatile.Read(ref reports) == 2);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_is_cut_after_30_seconds_and_counts_as_gone()
    {
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        long sent = 0;
        edge.Siblings.Adapters.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            var frame = Encoding.UTF8.GetBytes($"data: {new string('x', 10_000)}\n\n");
            while (edge.Siblings.Adapters.Aborts.IsEmpty)
            {
                await context.Response.BodyWriter.WriteAsync(frame, context.RequestAborted);
                Interlocked.Add(ref sent, frame.Length);
            }
        };
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, edge.Public.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nx-api-key: {edge.Customer().Key}\r\nContent-Type: application/json\r\nContent-Length: {Streaming.Length}\r\n\r\n{Streaming}"));
        await Eventually.True(() => Interlocked.Read(ref sent) > 0);

        await Eventually.True(async () =>
        {
            clock.Advance(SlowReaders.LongestPause);
            return await IsReportedAsync(edge);
        });
        // The socket buffers of two hops and 64 KB of ours: far from what the provider would have sent meanwhile.
        Assert.InRange(Interlocked.Read(ref sent), 1, 20_000_000);
    }

    // The report has a deadline on the same clock, so it gets a second of real time before the clock moves again.
    private static async Task<bool> IsReportedAsync(Edge edge)
    {
        try
        {
            await Eventually.True(() => edge.Siblings.Adapters.Aborts.Count == 1, TimeSpan.FromSeconds(1));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
