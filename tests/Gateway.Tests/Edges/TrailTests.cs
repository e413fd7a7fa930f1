using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Edges;

public sealed class TrailTests
{
    [Fact]
    public async Task One_request_id_names_screening_hold_call_and_answer_and_no_client_can_choose_it()
    {
        await using var edge = await Edge.StartAsync();
        using var answer = await edge.ChatAsync(edge.Customer(), headers: headers =>
        {
            headers.Add("x-request-id", Guid.Empty.ToString());
            headers.Add("X-Client-Request-Id", "mine");
        });
        var id = Guid.Parse(answer.Header("x-request-id")!);
        Assert.Equal(
            (7, id, id, id.ToString()),
            (id.Version, Assert.Single(edge.Siblings.Moderation.Screenings).RequestId, Assert.Single(edge.Siblings.Billing.Holds).RequestId,
                Assert.Single(edge.Siblings.Adapters.Calls).Headers["x-aigc2d-request-id"]));
    }

    [Fact]
    public async Task The_time_of_each_part_can_be_read_off_the_answer()
    {
        await using var edge = await Edge.StartAsync();
        using var answered = await edge.ChatAsync(edge.Customer());
        using var health = await edge.Public.GetAsync("/health");
        Assert.Matches(@"^admission;dur=[0-9.]+, upstream;dur=[0-9.]+, total;dur=[0-9.]+$", answered.Header("Server-Timing"));
        Assert.Matches(@"^total;dur=[0-9.]+$", health.Header("Server-Timing"));
    }

    [Theory]
    [InlineData("Idempotency-Key: a\r\n\tx-evil: 1")]
    [InlineData("Idempotency-Key: a\rx-evil: 1")]
    [InlineData("x api-key: a")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    public async Task Broken_or_smuggled_header_lines_are_400_and_reach_nobody(string lines)
    {
        await using var edge = await Edge.StartAsync();
        var answer = await RawRequest.SendAsync(edge.Public.BaseAddress!, $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\nConnection: close\r\n{lines}\r\n\r\n12345");
        Assert.Matches("^HTTP/1.1 4(00|15) ", answer);
        Assert.DoesNotContain("x-evil", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(edge.Siblings.Adapters.Calls);
    }
}
