using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Methods that no route has, and the oldest version of the protocol.</summary>
public sealed class MethodTests(AttackedEdge attacked) : IClassFixture<AttackedEdge>
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "POST2"];

    [Fact]
    public async Task A_method_that_a_route_does_not_have_is_405_in_its_dialect_and_says_which_it_has()
    {
        var edge = attacked.Next();
        var customer = edge.Customer();
        foreach (var route in PublicPath.Of(edge).GroupBy(path => path.Path))
        {
            string[] known = [.. route.Select(path => path.Method.Method)];
            foreach (var method in Methods.Except(known, StringComparer.Ordinal))
            {
                // A browser's question comes with an origin; without one OPTIONS is a method like any other.
                using var connection = await RawConnection.OpenAsync(edge);
                await connection.SendAsync($"{method} {route.Key} HTTP/1.1\r\nHost: x\r\nx-secret: do-not-echo\r\nAuthorization: Bearer {customer.Key}\r\nContent-Length: 2\r\n\r\n{{}}");
                var answer = await connection.ReadAsync(hasBody: method != "HEAD");
                var path = route.First();
                Assert.True(answer?.Status == 405, $"{method} {path.Path}: {answer}");
                Assert.DoesNotContain("do-not-echo", answer!.Body, StringComparison.Ordinal);
                Assert.True(method == "HEAD" || Answers.IsSpeltFor(path, answer.Body), $"{method} {path.Path}: {answer.Body}");
                Assert.Equal(known.Order(StringComparer.Ordinal), answer.Headers["Allow"].Split(", ").Order(StringComparer.Ordinal));
            }
        }

        edge.AssertNobodyWasAsked();
        await attacked.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("CONNECT evil.example:443 HTTP/1.1")]
    [InlineData("CONNECT /v1/chat/completions HTTP/1.1")]
    [InlineData("OPTIONS * HTTP/1.1")]
    [InlineData("TRACE / HTTP/1.1")]
    public async Task Nothing_is_tunnelled_or_echoed(string line)
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync($"{line}\r\nHost: {(line.StartsWith("CONNECT evil", StringComparison.Ordinal) ? "evil.example:443" : "x")}\r\nx-secret: do-not-echo\r\n\r\n");
            var answer = await connection.ReadAsync();
            Assert.InRange(answer?.Status ?? 0, 400, 405);
            Assert.DoesNotContain("do-not-echo", answer!.Body, StringComparison.Ordinal);
        }

        edge.AssertNobodyWasAsked();
        await attacked.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Connection: keep-alive\r\n")]
    public async Task A_client_of_HTTP_1_0_gets_a_stream_without_chunks_and_then_the_end_of_the_connection(string connectionLine)
    {
        var edge = attacked.Next();
        edge.Siblings.Adapters.Answer = AdaptersStandIn.Streaming(["data: 1\n\n"u8.ToArray(), "data: [DONE]\n\n"u8.ToArray()]);
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            var body = Edge.Hello[..^1] + ",\"stream\":true}";
            await connection.SendAsync($"POST /v1/chat/completions HTTP/1.0\r\n{connectionLine}Authorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            var answer = await connection.ReadAsync();
            Assert.Equal((200, "data: 1\n\ndata: [DONE]\n\n", false), (answer!.Status, answer.Body, answer.Headers.ContainsKey("Transfer-Encoding")));
        }

        edge.Siblings.Adapters.Answer = context => AdaptersStandIn.JsonAsync(context, AdaptersStandIn.Completion);
        await attacked.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_client_of_HTTP_1_0_that_sends_chunks_is_answered_once()
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync($"POST /v1/chat/completions HTTP/1.0\r\nAuthorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{Edge.Hello.Length:x}\r\n{Edge.Hello}\r\n0\r\n\r\n");
            Assert.Equal(200, (await connection.ReadAsync())?.Status);
            Assert.Null(await connection.ReadAsync());
        }

        Assert.Single(edge.Siblings.Adapters.Calls);
        await attacked.AssertNothingIsLeftAsync();
    }
}
