using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Paths that are meant to lead where they do not look like they lead.</summary>
public sealed class PathTests(AttackedEdge attacked) : IClassFixture<AttackedEdge>
{
    /// <summary>A target, and the statuses that are right for POST with a good key and body.</summary>
    public static TheoryData<string, int[]> Targets => new()
    {
        { "/v1/../admin/prices", [404] },
        { "/v1/%2e%2e/admin/prices", [404] },
        { "/v1/..%2fadmin/prices", [404] },
        { "/v1/%2e%2e%2fadmin%2fprices", [404] },
        { "/v1/..;/admin/prices", [404] },
        { "/v1/..\\admin\\prices", [404] },
        { "/%2561dmin/prices", [404] },
        { "/ADMIN/prices", [404] },
        { "//admin/prices", [404] },
        { "/internal/holds", [404] },
        { "/v1/../internal/chat/completions", [404] },
        { "/finance/events", [404] },
        { "//v1/chat/completions", [404] },
        { "/v1//chat/completions", [404] },
        { "/v1%2fchat%2fcompletions", [404] },
        { "/v1/chat%2Fcompletions", [404] },
        { "/v1/chat/completions;a=b", [404] },
        { "/v1;a/chat/completions", [404] },
        { "/v1/chat/completions%00", [400] },
        { "/v1/chat/completions%0d%0aX-Evil:%201", [404] },
        { "/v1/chat/completions%20", [404] },
        { "/v1/chat/completions.json", [404] },
        { "/v1\\chat\\completions", [404] },
        { "/v1/chat/completions%ff", [400, 404] },
        { "/v1/chat/completions%c0%af", [400, 404] },
        { "/v1/chat/completions%", [400, 404] },
        { "/v1/chat/completions%zz", [400, 404] },
        { "/v1/chat/%ef%bd%83ompletions", [400, 404] },
        { "/v1/chat/completions#x", [400, 404] },
        { "http://evil.example/v1/chat/completions", [400] },
        { "http://evil.example:8081/admin/prices", [400] },
        { "http://x@evil.example/v1/chat/completions", [400] },
        { "https://evil.example/admin/prices", [400] },
        { "ftp://x/v1/chat/completions", [400] },
        { "evil.example:443", [400, 405] },
        { "*", [400, 405] },
        { "?", [400] },
        { "/", [404] },
        { "/v1/chat/completions/", [200] },
        { "/v1/./chat/completions", [200] },
        { "/api/../v1/chat/completions", [200] },
        { "/v1/chat/%63ompletions", [200] },
        { "/V1/Chat/COMPLETIONS", [200] },
        { "/v1/chat/completions?a=b&a=c&%00=%ff&__proto__=1", [200] },
        { "http://x/v1/chat/completions", [200] },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_target_leads_to_its_own_route_or_nowhere(string target, int[] statuses)
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync($"POST {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\nContent-Length: {Edge.Hello.Length}\r\n\r\n{Edge.Hello}");
            var answer = await connection.ReadAsync();
            Assert.Contains(answer?.Status ?? 0, statuses);
            Assert.DoesNotContain("X-Evil", answer!.Headers.Keys);
            if (answer.Status == 200) Assert.Equal("/internal/chat/completions", Assert.Single(edge.Siblings.Adapters.Calls).Target);
            else edge.AssertNobodyWasAsked();
        }

        await attacked.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_route_in_another_case_or_with_a_slash_behind_it_speaks_the_same_dialect()
    {
        var edge = attacked.Next();
        var customer = edge.Customer();
        foreach (var path in PublicPath.OfDialects(edge))
        {
            foreach (var spelling in (string[])[path.Path.ToUpperInvariant(), path.Path + "/", "/v1/." + path.Path[3..]])
            {
                using var refused = await edge.SendAsync(path.Method, spelling, customer.Key, Edge.Json("{"));
                await refused.AssertErrorOfAsync(path, 400, because: spelling);
                using var nobody = await edge.SendAsync(path.Method, spelling, null, Edge.Json("{}"));
                await nobody.AssertErrorOfAsync(path, 401, because: spelling);
                using var read = await edge.SendAsync(HttpMethod.Get, spelling, customer.Key);
                await read.AssertErrorOfAsync(path, 405, because: spelling);
            }
        }

        edge.AssertNobodyWasAsked();
    }

    [Theory]
    [InlineData("/v1/models/a%0d%0aX-Evil:%201")]
    [InlineData("/v1/models/a%00")]
    [InlineData("/v1/models/..%2f..%2fadmin")]
    [InlineData("/v1/models/%2e%2e")]
    [InlineData("/v1/models/%e2%80%aegnp")]
    [InlineData("/v1/models/%ff")]
    [InlineData("/api/charges/01930000-0000-7000-8000-000000000001%0d%0aX-Evil:1")]
    [InlineData("/api/statements/2026-01%0d%0aX-Evil:1")]
    [InlineData("/api/prices/a%0d%0aX-Evil:1")]
    public async Task Line_ends_and_tricks_in_an_id_stay_in_the_id(string target)
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\n\r\n");
            var answer = await connection.ReadAsync();
            Assert.Contains(answer?.Status ?? 0, (int[])[400, 404]);
            Assert.DoesNotContain("X-Evil", answer!.Headers.Keys);
        }

        Assert.DoesNotContain(edge.Siblings.Billing.Requests, asked => asked.Headers.ContainsKey("X-Evil"));
        await attacked.AssertNothingIsLeftAsync();
    }
}
