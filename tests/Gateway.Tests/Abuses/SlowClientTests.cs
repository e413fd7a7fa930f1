using Aigc2d.Gateway.Bodies;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Listeners;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Clients that take their time. The server looks at its connections once a second, so these tests take some.</summary>
public sealed class SlowClientTests
{
    private static readonly Dictionary<string, string?> Impatient = new() { ["Connections:HeadersTime"] = "00:00:00.5", ["Connections:IdleTime"] = "00:00:01", ["Connections:BodyGrace"] = "00:00:01.1" };

    [Fact]
    public void No_default_of_the_server_decides_what_a_connection_may_cost()
    {
        var limits = new KestrelServerLimits();
        ConnectionLimits.Apply(limits, new ConfigurationBuilder().Build());
        Assert.Equal(
            (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(130), 100, 32_768, 8_192, 33_554_432L, 240.0, TimeSpan.FromSeconds(5), 4_096.0, TimeSpan.FromSeconds(5)),
            (limits.RequestHeadersTimeout, limits.KeepAliveTimeout, limits.MaxRequestHeaderCount, limits.MaxRequestHeadersTotalSize, limits.MaxRequestLineSize, limits.MaxRequestBodySize!.Value,
                limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod, limits.MinResponseDataRate!.BytesPerSecond, limits.MinResponseDataRate.GracePeriod));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("P", 408)]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nx-drip: ", 408)]
    public async Task A_head_that_does_not_end_is_given_up_and_those_who_wait_do_not_keep_others_waiting(string opening, int status)
    {
        using var aftermath = new Aftermath();
        await using var edge = await Edge.StartAsync(settings: Impatient);
        var slow = new List<RawConnection>();
        for (var i = 0; i < 100; i++)
        {
            slow.Add(await RawConnection.OpenAsync(edge));
            await slow[i].SendAsync(opening);
        }

        using (var served = await edge.ChatAsync(edge.Customer(), headers: headers => headers.ConnectionClose = true)) Assert.Equal(200, (int)served.StatusCode);
        foreach (var connection in slow)
        {
            Assert.Equal(status, (await connection.ReadAsync())?.Status ?? 0);
            Assert.Null(await connection.ReadAsync());
            connection.Dispose();
        }

        await aftermath.AssertNothingIsLeftAsync(edge);
    }

    [Fact]
    public async Task A_body_that_stands_still_is_408_in_the_words_of_its_route()
    {
        using var aftermath = new Aftermath();
        await using var edge = await Edge.StartAsync(settings: Impatient);
        var paths = PublicPath.Of(edge).Where(path => path.TakesBody).ToList();
        var slow = new List<RawConnection>();
        foreach (var path in paths)
        {
            slow.Add(await RawConnection.OpenAsync(edge));
            await slow[^1].SendAsync($"{path.Method} {path.Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"model\":");
        }

        for (var i = 0; i < paths.Count; i++)
        {
            using var connection = slow[i];
            var answer = await connection.ReadAsync();
            Assert.True(answer?.Status == 408 && Answers.IsSpeltFor(paths[i], answer.Body), $"{paths[i]}: {answer}");
        }

        Assert.Empty(edge.Siblings.Billing.Holds);
        Assert.Empty(edge.Siblings.Adapters.Calls);
        await aftermath.AssertNothingIsLeftAsync(edge);
    }

    [Fact]
    public async Task A_body_that_comes_and_comes_is_408_after_five_minutes()
    {
        using var aftermath = new Aftermath();
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock, new Dictionary<string, string?> { ["Connections:BodyGrace"] = "01:00:00" });
        var budget = edge.Services.GetRequiredService<BodyBudget>();
        foreach (var path in PublicPath.OfDialects(edge))
        {
            using var connection = await RawConnection.OpenAsync(edge);
            await connection.SendAsync($"POST {path.Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{{   \r\n");
            await Eventually.True(() => budget.TakenBytes == 4);
            clock.Advance(ReadBody.LongestTime / 2);
            await connection.SendAsync("4\r\n    \r\n");
            await Eventually.True(() => budget.TakenBytes == 8);
            clock.Advance(ReadBody.LongestTime / 2);

            var answer = await connection.ReadAsync();
            Assert.True(answer?.Status == 408 && Answers.IsSpeltFor(path, answer.Body), $"{path}: {answer}");
        }

        edge.AssertNobodyWasAsked();
        await aftermath.AssertNothingIsLeftAsync(edge);
    }

    [Fact]
    public async Task Who_stops_reading_an_answer_that_costs_nothing_is_cut_after_30_seconds()
    {
        using var aftermath = new Aftermath();
        var clock = new TestClock();
        await using var edge = await Edge.StartAsync(clock);
        var piece = new byte[100_000];
        var ended = new TaskCompletionSource();
        var pieces = 0;
        edge.Siblings.Billing.Routes["GET /api/prices"] = async context =>
        {
            using var end = context.RequestAborted.Register(ended.SetResult);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted);
                Interlocked.Increment(ref pieces);
            }
        };
        using (var connection = await RawConnection.OpenAsync(edge, receiveBufferBytes: 4096))
        {
            await connection.SendAsync("GET /api/prices HTTP/1.1\r\nHost: x\r\n\r\n");
            await Eventually.True(() => Volatile.Read(ref pieces) > 0);
            await Eventually.True(() =>
            {
                clock.Advance(SlowReaders.LongestPause);
                return ended.Task.IsCompleted;
            });
            await aftermath.AssertNothingIsLeftAsync(edge);
        }
    }
}
