using System.Text;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using FsCheck.Fluent;

namespace Aigc2d.Gateway.Tests.Forwarding;

public sealed class StreamTests
{
    private const string Streaming = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}],"stream":true}""";
    private const string Frames =
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"汉😀\"}}]}\r\n\r\n: comment\n\nevent: x\ndata: a\ndata: b\n\ndata: [DONE]\n\n";

    [Fact]
    public async Task A_stream_arrives_byte_for_byte_however_it_was_cut()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        var whole = Encoding.UTF8.GetBytes(Frames);
        foreach (var cuts in Gen.Sample(Gen.Choose(0, whole.Length).ListOf(), 40, 20))
        {
            int[] places = [0, .. cuts.Order(), whole.Length];
            edge.Siblings.Adapters.Answer = AdaptersStandIn.Streaming([.. places.Zip(places.Skip(1)).Select(cut => whole[cut.First..cut.Second])]);
            using var answer = await edge.ChatAsync(customer, Streaming);
            Assert.Equal(whole, await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Each_piece_is_flushed_before_the_next_one_comes()
    {
        await using var edge = await Edge.StartAsync();
        byte[][] pieces = ["data: 1\n\n"u8.ToArray(), "data: 2\n\n"u8.ToArray(), "data: [DONE]\n\n"u8.ToArray()];
        var seen = new SemaphoreSlim(0);
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Streaming(pieces, _ => seen.WaitAsync());
        using var answer = await edge.ChatAsync(edge.Customer(), Streaming);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        foreach (var piece in pieces)
        {
            var arrived = new byte[piece.Length];
            await stream.ReadExactlyAsync(arrived);
            Assert.Equal(piece, arrived);
            seen.Release();
        }

        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task A_stream_is_headed_so_that_nothing_on_the_way_holds_it_back_and_by_nothing_else()
    {
        await using var edge = await Edge.StartAsync(new TestClock());
        edge.Siblings.Adapters.Answer = async context =>
        {
            context.Response.Headers["x-openai-organization"] = "ours";
            context.Response.Headers.SetCookie = "a=b";
            await AdaptersStandIn.Streaming(["data: [DONE]\n\n"u8.ToArray()])(context);
        };
        using var answer = await edge.ChatAsync(edge.Customer(), Streaming);
        Assert.Equal(
            ["Cache-Control: no-cache", "Content-Type: text/event-stream", "Date", "Server-Timing: admission;dur=0, upstream;dur=0, total;dur=0", "Transfer-Encoding: chunked", "X-Accel-Buffering: no",
             "x-ratelimit-limit-requests: 10000", "x-ratelimit-limit-tokens: 10000000", "x-ratelimit-remaining-requests: 9999", "x-ratelimit-remaining-tokens: 9999889",
             "x-ratelimit-reset-requests: 6ms", "x-ratelimit-reset-tokens: 1ms", "X-Request-ID"],
            answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key is "Date" or "X-Request-ID" ? header.Key : $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task When_the_provider_breaks_off_all_its_bytes_arrive_and_then_the_connection_breaks()
    {
        await using var edge = await Edge.StartAsync();
        var sent = "data: {\"a\":1}\n\ndata: {\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_error\"}}\n\n"u8.ToArray();
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Streaming([sent, []], _ => throw AdaptersStandIn.BreakOff());
        for (var i = 0; i < 20; i++)
        {
            using var answer = await edge.ChatAsync(edge.Customer(), Streaming);
            await using var stream = await answer.Content.ReadAsStreamAsync();
            var arrived = new byte[sent.Length];
            await stream.ReadExactlyAsync(arrived);
            Assert.Equal(sent, arrived);
            await AssertBreaksAsync(stream);
        }

        Assert.Empty(edge.Siblings.Adapters.Aborts);
    }

    [Fact]
    public async Task When_ProviderAdapters_dies_the_client_is_told_in_a_frame_and_then_the_connection_breaks()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Streaming(["data: {\"a\":1}\n\n"u8.ToArray(), []], _ => throw AdaptersStandIn.BreakOff());
        using var answer = await edge.ChatAsync(edge.Customer(), Streaming);
        await using var stream = await answer.Content.ReadAsStreamAsync();

        var expected = "data: {\"a\":1}\n\ndata: {\"error\":{\"message\":\"The answer broke off; send the request again.\",\"type\":\"server_error\",\"param\":null,\"code\":\"service_unavailable\"}}\n\n";
        var arrived = new byte[expected.Length];
        await stream.ReadExactlyAsync(arrived);
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(arrived));
        await AssertBreaksAsync(stream);
    }

    [Fact]
    public async Task A_plain_answer_that_breaks_off_is_not_taken_for_a_whole_one()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 100;
            await context.Response.BodyWriter.WriteAsync("{\"id\":"u8.ToArray());
            throw AdaptersStandIn.BreakOff();
        };
        using var answer = await edge.ChatAsync(edge.Customer());
        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_plain_answer_that_breaks_off_before_its_first_byte_is_503()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Adapters.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.StartAsync();
            await context.Response.BodyWriter.FlushAsync();
            throw AdaptersStandIn.BreakOff();
        };
        using var answer = await edge.ChatAsync(edge.Customer());
        await answer.AssertOpenAiErrorAsync(503, "server_error", "service_unavailable", "The service is briefly unavailable; nothing was charged. Try again.");
    }

    [Fact]
    public async Task A_plain_answer_keeps_its_status_length_and_bytes()
    {
        await using var edge = await Edge.StartAsync();
        var body = Encoding.UTF8.GetBytes(new string('x', 300_000));
        edge.Siblings.Adapters.Answer = async context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        };
        using var answer = await edge.ChatAsync(edge.Customer());
        Assert.Equal((200, 300_000L, "application/json; charset=utf-8"), ((int)answer.StatusCode, answer.Content.Headers.ContentLength, answer.Content.Headers.ContentType?.ToString()));
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync());
    }

    // A clean end would be copied without complaint.
    private static Task<HttpIOException> AssertBreaksAsync(Stream stream) => Assert.ThrowsAsync<HttpIOException>(() => stream.CopyToAsync(Stream.Null));
}
