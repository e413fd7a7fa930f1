using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>Clients that vanish, at every stage of a request and in both ways. No hold stays open and nothing of them is left.</summary>
public sealed class DisconnectTests(AttackedEdge attacked) : IClassFixture<AttackedEdge>
{
    private const string Stream = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}],"stream":true}""";

    /// <summary>What was sent before the client vanished.</summary>
    public static TheoryData<string, bool> Openings
    {
        get
        {
            var head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\n";
            var rows = new TheoryData<string, bool>();
            foreach (var opening in (string[])
                     [
                         "", "P", "POST /v1/chat", "POST /v1/chat/completions HTTP/1.1\r", "POST /v1/chat/completions HTTP/1.1\r\nHo", head, $"{head}Content-Length: 1000\r\n\r\n", $"{head}Content-Length: 1000\r\n\r\n{{\"model\"",
                         $"{head}Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n", $"{head}Transfer-Encoding: chunked\r\n\r\n", $"{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\"mo", $"{head}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n",
                         "POST /api/keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\nContent-Length: 1000\r\n\r\n{", "GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n\r\n",
                     ])
            {
                rows.Add(opening, true);
                rows.Add(opening, false);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task A_client_that_vanishes_before_its_request_is_whole_leaves_nothing(string opening, bool resets)
    {
        var edge = attacked.Next();
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync(opening.Replace("KEY", edge.Customer().Key, StringComparison.Ordinal));
            if (resets) connection.Reset();
        }

        await attacked.AssertNothingIsLeftAsync();
        // The one hold and the one call are those of the caller who came after.
        Assert.Single(edge.Siblings.Billing.Holds);
        Assert.Single(edge.Siblings.Adapters.Calls);
    }

    [Theory]
    [InlineData("screening", true)]
    [InlineData("screening", false)]
    [InlineData("hold", true)]
    [InlineData("hold", false)]
    [InlineData("provider", true)]
    [InlineData("provider", false)]
    [InlineData("stream", true)]
    [InlineData("stream", false)]
    public async Task A_client_that_vanishes_while_others_work_for_it_leaves_no_hold(string stage, bool resets)
    {
        var edge = attacked.Next();
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        Block(edge, stage, reached, gate.Task);
        using (var connection = await RawConnection.OpenAsync(edge))
        {
            await connection.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {edge.Customer().Key}\r\nContent-Type: application/json\r\nContent-Length: {Stream.Length}\r\n\r\n{Stream}");
            if (stage is "screening" or "hold") await Eventually.True(() => stage == "hold" ? !edge.Siblings.Billing.Holds.IsEmpty : !edge.Siblings.Moderation.Screenings.IsEmpty);
            else await reached.Task.WaitAsync(TimeSpan.FromSeconds(15));
            if (resets) connection.Reset();
        }

        try
        {
            // On a busy machine a report may go out twice, for the same request.
            await Eventually.True(() => edge.Siblings.Adapters.Aborts.Concat(edge.Siblings.Billing.Releases.Select(release => release.RequestId)).Distinct().Count() == 1);
        }
        finally
        {
            gate.SetResult();
            (edge.Siblings.Moderation.Gate, edge.Siblings.Billing.Gate) = (Task.CompletedTask, Task.CompletedTask);
            edge.Siblings.Adapters.Answer = context => AdaptersStandIn.JsonAsync(context, AdaptersStandIn.Completion);
        }

        await attacked.AssertNothingIsLeftAsync();
    }

    private static void Block(Edge edge, string stage, TaskCompletionSource reached, Task gate)
    {
        if (stage == "screening") edge.Siblings.Moderation.Gate = gate;
        else if (stage == "hold") edge.Siblings.Billing.Gate = gate;
        else edge.Siblings.Adapters.Answer = async context =>
        {
            if (stage == "stream")
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: 1\n\n");
                await context.Response.Body.FlushAsync();
            }

            reached.TrySetResult();
            await gate.WaitAsync(context.RequestAborted);
        };
    }
}
