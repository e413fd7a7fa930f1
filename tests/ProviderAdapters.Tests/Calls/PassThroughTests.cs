using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Calls;

/// <summary>What goes in and out unchanged, and the little that does not.</summary>
public sealed class PassThroughTests(AdaptersFixture fixture)
{
    private const string Head = "\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\"";

    private AdaptersHost Adapters => fixture.Adapters;

    [Fact]
    public async Task The_upstream_gets_the_clients_bytes_and_no_header_of_anybody()
    {
        var model = await Adapters.ModelAsync();
        string Body(string name) => $$"""{ "x_unknown" : [1.50, 1E2, "\u00e9\/"], "model":"{{name}}",  "messages":[{"role":"user","content":"hi","x":null}]}""";

        await Adapters.AskAsync(new TestCall(model.Name, Body(model.Name)));

        var received = Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
        Assert.Equal(Body(model.Upstream), received.GetProperty("body").GetString());
        Assert.Equal(
            ["accept", "authorization", "content-length", "content-type", "host"],
            received.GetProperty("headers").EnumerateObject().Select(header => header.Name).Order());
    }

    [Fact]
    public async Task A_plain_answer_comes_back_byte_for_byte()
    {
        const string Body = """{ "x_new":{"b":[1.0,2e0]} , "id":"a","choices":[{"index":0,"message":{"role":"assistant","content":"caf\u00e9 ✓"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":2,"total_tokens":13}}  """;

        var answer = await AskRawAsync(http => http.Response.WriteAsync(Body), stream: false);

        Assert.Equal((200, Body), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Chunks_come_back_byte_for_byte_whatever_frames_them()
    {
        string[] chunks =
        [
            $$"""{{{Head}},"x_new":[1.0],"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
            $$"""{{{Head}} , "choices":[{"index":0,"delta":{"content":"caf\u00e9 ✓"},"finish_reason":null}] }""",
            $$"""{{{Head}},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"obfuscation":"aB"}""",
        ];
        var wire = $": hello\r\nevent: message\r\ndata: {chunks[0]}\r\n\r\nid: 3\ndata:{chunks[1]}\n\n: again\n\ndata: {chunks[2]}\r\rdata: [DONE]";

        var answer = await AskRawAsync(http => http.Response.WriteAsync(wire), stream: true);

        Assert.Equal([.. chunks, "[DONE]"], answer.Events);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Usage_is_shown_to_those_who_asked_for_it_and_to_nobody_else(bool asked)
    {
        var model = await Adapters.ModelAsync();

        var answer = await Adapters.AskAsync(TestCall.Of(model, stream: true, includeUsage: asked));

        Assert.Equal("[DONE]", answer.Events[^1]);
        Assert.All(answer.Chunks, chunk => Assert.Equal(asked, chunk.TryGetProperty("usage", out _)));
        Assert.Equal(asked ? 1 : 0, answer.Chunks.Count(chunk => chunk.GetProperty("choices").GetArrayLength() == 0));
        if (asked) Assert.Equal((11, 9), (answer.Chunks[^1].GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), answer.Chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("usage=none")]
    [InlineData("usage=negative")]
    [InlineData("usage=fractional")]
    [InlineData("usage=huge")]
    [InlineData("usage=zero")]
    public async Task Usage_that_is_missing_or_cannot_be_true_is_counted_here_and_shown_as_counted(string script)
    {
        foreach (var stream in new[] { false, true })
        {
            var model = await Adapters.ModelAsync(script);
            var call = TestCall.Of(model, stream, includeUsage: stream);

            var answer = await Adapters.AskAsync(call);

            await Eventually.Equal(
                call.Row(model, EndCause.Completed, new TokenCounts(TestCall.CountedTokens, answer.ContentTokens, 0, Estimated: true)), () => Adapters.UsageOfAsync(call.RequestId));
            if (stream) Assert.Equal(TestCall.CountedTokens, answer.Chunks[^1].GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        }
    }

    [Fact]
    public async Task All_choices_of_a_stream_are_whole_and_paid()
    {
        var model = await Adapters.ModelAsync("words=60");
        var call = TestCall.Of(model, stream: true, n: 3);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(["stop", "stop", "stop"], answer.FinishReasons);
        var texts = answer.Chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
            .ToLookup(choice => choice.GetProperty("index").GetInt32(), choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "")
            .Select(pieces => string.Concat(pieces)).ToArray();
        Assert.Equal(3, texts.Length);
        Assert.All(texts, text => Assert.Equal(60, text.Split(' ').Length));
        Assert.Equal((answer.Content.Length + 11) / 12 * 3, (await Adapters.UsageOfAsync(call.RequestId))!.Tokens.Output);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Tool_calls_pass_and_their_arguments_are_screened(bool stream)
    {
        var model = await Adapters.ModelAsync("tools");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(["tool_calls"], answer.FinishReasons);
        Assert.Contains(fixture.Peers.Screened, screening => screening.RequestId == call.RequestId && screening.Texts.Single().Contains("{\"city\":\"Xi'an\"}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_role_frame_goes_out_before_anything_is_screened()
    {
        var go = new TaskCompletionSource();
        var asking = StartRawAsync(async http =>
        {
            await http.Response.WriteAsync($$$"""data: {{{{Head}}},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""" + "\n\n");
            await http.Response.Body.FlushAsync();
            await go.Task;
            await http.Response.WriteAsync($$$"""data: {{{{Head}}},"choices":[{"index":0,"delta":{"content":"done"},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n");
        }, stream: true);

        await using var running = (await asking).Running;
        await running.ReadUntilAsync("\"role\"");
        go.SetResult();
        var answer = await running.ReadAsync();

        Assert.Equal(("done", "[DONE]"), (answer.Content, answer.Events[^1]));
    }

    [Fact]
    public async Task An_upstream_that_answers_a_stream_with_something_else_is_found_out_before_the_first_byte()
    {
        var answer = await AskRawAsync(http => http.Response.WriteAsync("""{"error":{"message":"no"}}"""), stream: true);
        Assert.Equal((502, "provider_error"), (answer.Status, answer.Failure));
    }

    private async Task<Answer> AskRawAsync(RequestDelegate upstream, bool stream)
    {
        var (running, service) = await StartRawAsync(upstream, stream);
        await using (service)
        await using (running)
        {
            return await running.ReadAsync();
        }
    }

    private async Task<(RunningAnswer Running, ServiceUnderTest Upstream)> StartRawAsync(RequestDelegate answer, bool stream)
    {
        var upstream = await RawUpstream.StartAsync(answer);
        var model = await Adapters.ModelAtAsync(Family.OpenAi, upstream.BaseAddress);
        return (await Adapters.StartAsync(TestCall.Of(model, stream)), upstream);
    }
}
