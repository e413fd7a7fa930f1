using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Requests whose end two readers could see in different places. Each is refused, its connection is closed, and the next caller is served.</summary>
public sealed class FramingTests(AttackedEdge attacked) : IClassFixture<AttackedEdge>
{
    private const string Smuggled = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>The lines that frame the body, the body, and the statuses that are right; 0 stands for a connection that is closed without a word.</summary>
    public static TheoryData<string, string, int[]> Frames => new()
    {
        { "Content-Length: 5\r\nContent-Length: 6", "{\"a\":1}", [400] },
        { "Content-Length: 7\r\nContent-Length: 7", "{\"a\":1}", [400] },
        { "Content-Length: 5, 6", "{\"a\":1}", [400] },
        { "Content-Length: -1", "", [400] },
        { "Content-Length: 0x7", "{\"a\":1}", [400] },
        { "Content-Length: 7x", "{\"a\":1}", [400] },
        { "Content-Length: ", "{\"a\":1}", [400] },
        { "Content-Length: 99999999999999999999", "", [400] },
        { "Content-Length : 7", "{\"a\":1}", [400] },
        { "Content-Length: 7\r\nTransfer-Encoding: chunked", "7\r\n{\"a\":1}\r\n0\r\n\r\n", [400, 404] },
        { "Transfer-Encoding: chunked\r\nContent-Length: 7", "0\r\n\r\n", [400, 404] },
        { "Transfer-Encoding: chunked, identity", "0\r\n\r\n", [400] },
        { "Transfer-Encoding: xchunked", "0\r\n\r\n", [400, 501] },
        { "Transfer-Encoding: identity", "0\r\n\r\n", [400, 501] },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n", [400, 501] },
        { "Transfer-Encoding : chunked", "0\r\n\r\n", [400] },
        { "Transfer-Encoding:\vchunked", "0\r\n\r\n", [400, 501] },
        { " Content-Length: 7", "{\"a\":1}", [400] },
        { "Content-Length: 7\r\n\tTransfer-Encoding: chunked", "{\"a\":1}", [400] },
        { "Transfer-Encoding: chunked", "g\r\n{}\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", "-1\r\n{}\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", "0x2\r\n{}\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", "+2\r\n{}\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", " 2\r\n{}\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", "80000000\r\n{}\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", "ffffffffffffffff2\r\n{}\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", "\r\n{}\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", "2\r\n{}X\r\n0\r\n\r\n", [400] },
        { "Transfer-Encoding: chunked", "2\n{}\n0\n\n", [400] },
        { "Transfer-Encoding: chunked", $"2\r\n{{}}\r\n0\r\n{string.Concat(Enumerable.Repeat("x: y\r\n", 100_000))}\r\n", [400, 413, 431, 0] },
    };

    // Where both lengths are told, the chunks count, as HTTP wants it, and the connection ends with the answer.
    [Theory]
    [MemberData(nameof(Frames))]
    public async Task A_frame_that_can_be_read_in_two_ways_is_refused_and_what_hides_behind_it_is_not_answered(string lines, string body, int[] statuses)
    {
        var edge = attacked.Next();
        foreach (var path in (string[])["/v1/chat/completions", "/api/keys"])
        {
            using var connection = await RawConnection.OpenAsync(edge);
            await connection.SendAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\n{lines}\r\n\r\n{body}{Smuggled}");
            var answer = await connection.ReadAsync();
            Assert.Contains(answer?.Status ?? 0, statuses);
            Assert.Null(await connection.ReadAsync());
        }

        Assert.Empty(edge.Siblings.Adapters.Calls);
        Assert.Empty(edge.Siblings.Billing.Holds);
        await attacked.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Chunks_that_are_all_padding_come_to_an_end()
    {
        var edge = attacked.Next();
        foreach (var path in (string[])["/v1/chat/completions", "/api/keys"])
        {
            using var connection = await RawConnection.OpenAsync(edge);
            await connection.SendAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;");
            var padding = new string('x', 1_000_000);
            for (var i = 0; i < 80; i++) await connection.SendAsync(padding);
            Assert.Contains((await connection.ReadAsync())?.Status ?? 0, (int[])[413, 0]);
        }

        await attacked.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Requests_sent_one_behind_the_other_are_answered_in_their_order()
    {
        var edge = attacked.Next();
        var head = $"Host: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\n";
        var refused = Edge.Hello.Replace("\"model\"", "\"MODEL\"", StringComparison.Ordinal);
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync(
                $"POST /v1/chat/completions HTTP/1.1\r\n{head}Content-Length: {Edge.Hello.Length}\r\n\r\n{Edge.Hello}"
                + $"POST /v1/chat/completions HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n{refused.Length:x}\r\n{refused}\r\n0\r\n\r\n"
                + $"GET /v1/unheard-of HTTP/1.1\r\n{head}Content-Length: 3\r\n\r\nabc"
                + $"POST /v1/chat/completions HTTP/1.1\r\n{head}Content-Encoding: gzip\r\nContent-Length: {Edge.Hello.Length}\r\n\r\n{Edge.Hello}"
                + $"GET /v1/models HTTP/1.1\r\n{head}\r\n");
            var answers = new List<RawAnswer?>();
            for (var i = 0; i < 5; i++) answers.Add(await connection.ReadAsync());
            Assert.Equal([200, 400, 404, 415, 200], answers.Select(answer => answer?.Status ?? 0));
            Assert.Equal((AdaptersStandIn.Completion, 5), (answers[0]!.Body, answers.Select(answer => answer!.Headers["x-request-id"]).Distinct().Count()));
        }

        Assert.Single(edge.Siblings.Billing.Holds);
        await attacked.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_waits_for_leave_gets_it_only_when_it_may_ask(bool mayAsk)
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            var key = mayAsk ? edge.Customer().Key : $"AIGC2D-{Guid.Empty}";
            await connection.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {Edge.Hello.Length}\r\n\r\n");
            var first = await connection.ReadAsync();
            Assert.Equal(mayAsk ? 100 : 401, first!.Status);
            if (mayAsk)
            {
                await connection.SendAsync(Edge.Hello);
                Assert.Equal(200, (await connection.ReadAsync())!.Status);
            }
        }

        Assert.Equal(mayAsk ? 1 : 0, edge.Siblings.Adapters.Calls.Count);
        await attacked.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    [InlineData("GET /v1/models HTTP/3.0\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/models HTTP/0.9\r\n\r\n")]
    [InlineData("GET /v1/models\r\n\r\n")]
    [InlineData("\0\0\0\0\r\n\r\n")]
    [InlineData("EHLO x\r\n\r\n")]
    public async Task Another_protocol_than_HTTP_1_is_turned_away(string opening)
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync(opening);
            Assert.True(await connection.IsTurnedAwayAsync());
        }

        await attacked.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task An_offer_to_change_to_HTTP_2_is_not_taken_up()
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync("GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
            Assert.Equal(200, (await connection.ReadAsync())!.Status);
        }

        await attacked.AssertNothingIsLeftAsync();
    }
}
