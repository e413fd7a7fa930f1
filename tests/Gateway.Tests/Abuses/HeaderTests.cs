using Aigc2d.Contracts;
using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Headers that are too many, too long, broken, or meant to be read as something else.</summary>
public sealed class HeaderTests(AttackedEdge attacked) : IClassFixture<AttackedEdge>
{
    private static readonly string Kilobyte = new('a', 1024);

    /// <summary>The request line, the header lines, and the statuses that are right; 0 stands for a connection that is closed without a word.</summary>
    public static TheoryData<string, string, int[]> Heads => new()
    {
        { "GET /v1/models HTTP/1.1", string.Concat(Enumerable.Range(0, 100).Select(i => $"x-{i}: y\r\n")), [431] },
        { "GET /v1/models HTTP/1.1", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"x-{i}: y\r\n")), [431, 0] },
        { "GET /v1/models HTTP/1.1", string.Concat(Enumerable.Range(0, 40).Select(i => $"x-{i}: {Kilobyte}\r\n")), [431] },
        { "GET /v1/models HTTP/1.1", $"x: {string.Concat(Enumerable.Repeat(Kilobyte, 40))}\r\n", [431] },
        { "GET /v1/models HTTP/1.1", $"{string.Concat(Enumerable.Repeat(Kilobyte, 40))}: x\r\n", [431] },
        { $"GET /v1/models?{string.Concat(Enumerable.Repeat(Kilobyte, 9))} HTTP/1.1", "", [414] },
        { $"GET /v1/models/{string.Concat(Enumerable.Repeat(Kilobyte, 9))} HTTP/1.1", "", [414] },
        { $"{string.Concat(Enumerable.Repeat(Kilobyte, 9))} /v1/models HTTP/1.1", "", [400, 414] },
        { "GET /v1/models HTTP/1.1", "no colon\r\n", [400] },
        { "GET /v1/models HTTP/1.1", ": no name\r\n", [400] },
        { "GET /v1/models HTTP/1.1", "a b: c\r\n", [400] },
        { "GET /v1/models HTTP/1.1", "a\0b: c\r\n", [400] },
        { "GET /v1/models HTTP/1.1", "\u00e9: c\r\n", [400] },
        { "GET /v1/models HTTP/1.1", "a: b\0c\r\n", [400] },
        { "GET /v1/models HTTP/1.1", "a: \u00e9\r\n", [400] },
        { "GET /v1/models HTTP/1.1", "a: b\rc: d\r\n", [400] },
        { "GET /v1/models HTTP/1.1", "a: b\r\n folded\r\n", [400] },
        { "GET /v1/models HTTP/1.1", "Host: y\r\n", [400] },
        { "GET  /v1/models HTTP/1.1", "", [400] },
        { "GET /v1/models HTTP/1.1 x", "", [400] },
        { "GET /v1/mo\0dels HTTP/1.1", "", [400] },
        { "GET v1/models HTTP/1.1", "", [400] },
        { "G\0T /v1/models HTTP/1.1", "", [400] },
        { "GET /v1/models HTTP/1.1", $"Authorization: Bearer {string.Concat(Enumerable.Repeat(Kilobyte, 4))}\r\n", [401] },
        { "GET /v1/models HTTP/1.1", $"x-api-key: AIGC2D-{new string('0', 36)}\r\n", [401] },
    };

    /// <summary>A header that a client may send, a value that does not belong there, and the statuses that are right.</summary>
    public static TheoryData<string, string, int[]> Values => new()
    {
        { "Idempotency-Key", "a%0d%0ax-evil: 1", [400] },
        { "Idempotency-Key", "a b", [400] },
        { "Idempotency-Key", new string('k', 256), [400] },
        { "Idempotency-Key", "", [400] },
        { "Idempotency-Key", "%0d%0aSet-Cookie:x", [200] },
        { CallHeaders.Region, "eu%0d%0ax-evil", [400] },
        { CallHeaders.Region, "eu\tx", [400] },
        { CallHeaders.Region, "../eu", [400] },
        { CallHeaders.Region, new string('e', 33), [400] },
        { "x-request-id", "%0d%0ax-evil: 1", [200] },
        { "x-request-id", Kilobyte, [200] },
        { "x-stainless-timeout", "2147483647", [200] },
        { "x-stainless-timeout", "99999999999999999999", [200] },
        { "x-stainless-timeout", "-1", [200] },
        { "x-stainless-timeout", "0", [200] },
        { "x-stainless-timeout", "1e99", [200] },
        { "x-stainless-timeout", "600, 600", [200] },
        { "anthropic-version", "0", [200] },
        { "anthropic-beta", Kilobyte, [200] },
        { "traceparent", "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff", [200] },
        { "baggage", Kilobyte, [200] },
        { "Origin", "null", [200] },
        { "Origin", "http://[", [200] },
        { "Accept", "q=;;,/*", [200] },
        { "Cookie", "a=b; c", [200] },
        { "Range", "bytes=0-0", [200] },
        { "If-Match", "*", [200] },
        { "X-Forwarded-For", "' or 1=1 --", [200] },
        { "X-HTTP-Method-Override", "DELETE", [200] },
        { "Connection", "close, Authorization", [200] },
        { CallHeaders.Internal, "gateway", [200] },
        { CallHeaders.AccountId, "01930000-0000-7000-8000-000000000001", [200] },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task A_head_that_is_too_much_or_broken_is_refused_and_the_next_caller_is_served(string line, string lines, int[] statuses)
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync($"{line}\r\nHost: x\r\n{lines}\r\n");
            Assert.Contains((await connection.ReadAsync())?.Status ?? 0, statuses);
        }

        edge.AssertNobodyWasAsked();
        await attacked.AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Host: a b\r\n")]
    [InlineData("Host: x/y\r\n")]
    [InlineData("Host: x@y\r\n")]
    [InlineData("Host: x, y\r\n")]
    public async Task A_request_that_names_no_host_is_refused(string host)
    {
        var edge = attacked.Next();
        using var connection = await RawConnection.OpenAsync(edge);
        await connection.SendAsync($"GET /v1/models HTTP/1.1\r\n{host}\r\n");
        Assert.Equal(400, (await connection.ReadAsync())?.Status);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task What_stands_in_a_header_never_becomes_another_header_nor_an_error_of_ours(string name, string value, int[] statuses)
    {
        var edge = attacked.Next();
        var customer = edge.Customer();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {customer.Key}\r\nContent-Type: application/json\r\n{name}: {value}\r\nContent-Length: {Edge.Hello.Length}\r\n\r\n{Edge.Hello}");
            var answer = await connection.ReadAsync();
            Assert.Contains(answer?.Status ?? 0, statuses);
            Assert.DoesNotContain(answer!.Headers, header => header.Key.Contains("evil", StringComparison.Ordinal) || header.Value.Contains("evil", StringComparison.Ordinal) || header.Key == "Set-Cookie");
            Assert.Equal(7, Guid.Parse(answer.Headers["x-request-id"]).Version);
        }

        Assert.All(edge.Siblings.Billing.Holds, hold => Assert.Equal(customer.Principal.AccountId, hold.AccountId));
        Assert.All(edge.Siblings.Adapters.Calls, call => Assert.Equal(customer.Principal.AccountId.ToString(), call.Headers[CallHeaders.AccountId]));
        Assert.DoesNotContain(edge.Siblings.Adapters.Calls, call => call.Headers.ContainsKey("x-evil") || call.Headers.ContainsKey("Cookie") || call.Headers.ContainsKey("baggage") || call.Headers.ContainsKey("Authorization"));
        await attacked.AssertNothingIsLeftAsync();
    }
}
