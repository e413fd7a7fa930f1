using System.Text;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Clients.Anthropic;

/// <summary>What goes from Anthropic's clients to Claude and back unchanged, and the little that does not.</summary>
public sealed class PassedEventsTests(AdaptersFixture fixture)
{
    private const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":25,"output_tokens":1}}}""";
    private const string End = """{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"output_tokens":5}, "x":1.0}""";
    private const string Stop = """{"type":"message_stop"}""";

    private AdaptersHost Adapters => fixture.Adapters;

    [Fact]
    public async Task The_upstream_gets_the_clients_bytes_and_its_version_and_betas()
    {
        var model = await Adapters.ModelAsync(Family.Anthropic);
        string Body(string name) => $$$"""{ "top_k" : 3, "model":"{{{name}}}",  "max_tokens":1000,"messages":[{"role":"user","content":[{"type":"text","text":"\u00e9\/","cache_control":{"type":"ephemeral"}}]}]}""";
        var call = new TestCall(model.Name, Body(model.Name)) { Path = TestMessages.Path, Headers = new Dictionary<string, string> { ["anthropic-version"] = "2026-10-21", ["anthropic-beta"] = "a-1,b-2" } };

        await Adapters.AskAsync(call);
        await Adapters.AskAsync(TestMessages.Of(model, stream: false));

        var received = await Adapters.ReceivedAtSandboxAsync(model);
        Assert.Equal(Body(model.Upstream), received[0].GetProperty("body").GetString());
        var headers = received[0].GetProperty("headers");
        Assert.Equal(("2026-10-21", "a-1,b-2"), (headers.GetProperty("anthropic-version").GetString(), headers.GetProperty("anthropic-beta").GetString()));
        Assert.Equal(["accept", "anthropic-beta", "anthropic-version", "content-length", "content-type", "host", "x-api-key"], headers.EnumerateObject().Select(header => header.Name).Order());
        Assert.Equal("2023-06-01", received[1].GetProperty("headers").GetProperty("anthropic-version").GetString());
    }

    [Fact]
    public async Task A_plain_answer_comes_back_byte_for_byte()
    {
        const string Body = """{ "x_new":[1.0], "id":"msg_1","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"Eq=="},{"type":"text","text":"caf\u00e9 ✓"}],"stop_reason":"end_turn","usage":{"input_tokens":25,"output_tokens":5,"x":{}}}  """;

        var (answer, call, model) = await AskAsync(http => http.Response.WriteAsync(Body), stream: false);

        Assert.Equal((200, Body), (answer.Status, answer.Text));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(25, 5)));
    }

    [Fact]
    public async Task Events_come_back_byte_for_byte_signatures_citations_and_blocks_of_tools_at_the_provider_too()
    {
        string[] events =
        [
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Eq=="}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","title":"caf\u00e9","encrypted_content":"xx"}]}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"ping"}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta", "index":2,"delta":{"type":"text_delta","text":"caf\u00e9 ✓"}}""",
            """{"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":{"cited_text":"x"}}}""",
            """{"type":"content_block_stop","index":2}""",
            End,
            Stop,
        ];

        var (answer, call, model) = await AskAsync(http => http.Response.WriteAsync(Wire(events)), stream: true);

        Assert.Equal(Wire(events), answer.Text);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(25, 5)));
    }

    [Fact]
    public async Task What_a_tool_at_the_provider_found_is_screened()
    {
        var block = $$$"""{"type":"content_block_start","index":0,"content_block":{"type":"web_search_tool_result","content":[{"type":"web_search_result","title":"{{{Peers.Blocked}}}"}]}}""";

        var (answer, _, _) = await AskAsync(http => http.Response.WriteAsync(Wire([Start, block, """{"type":"content_block_stop","index":0}""", End, Stop])), stream: true);

        var message = MessageAnswer.Of(answer);
        Assert.Equal((true, "refusal", 0), (message.IsComplete, message.StopReason, message.Blocks.Count));
        Assert.DoesNotContain(Peers.Blocked, answer.Text, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Usage_that_cannot_be_true_is_not_shown_but_ours(bool stream)
    {
        const string Text = """{"type":"text","text":"Hello"}""";
        string[] events =
        [
            Start.Replace("25", "-25", StringComparison.Ordinal), $$$"""{"type":"content_block_start","index":0,"content_block":{{{Text}}}}""", """{"type":"content_block_stop","index":0}""",
            End.Replace("\"output_tokens\":5", "\"output_tokens\":-5", StringComparison.Ordinal), Stop,
        ];
        var plain = $$"""{"type":"message","role":"assistant","content":[{{Text}}],"usage":{"input_tokens":-25,"output_tokens":-5},"stop_reason":"end_turn"}""";

        var (answer, call, model) = await AskAsync(http => http.Response.WriteAsync(stream ? Wire(events) : plain), stream);

        var message = MessageAnswer.Of(answer);
        var (input, output) = (TestMessages.CountPrompt(Family.Anthropic with { UpstreamPrefix = "up" }, call), message.Tokens.Output);
        Assert.Equal((stream ? "stop_sequence" : "end_turn", (input, output, 0, 0)), (message.StopReason, message.Tokens));
        Assert.InRange(output, 1, 3);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(input, output, 0, Estimated: true)));
    }

    [Fact]
    public async Task An_answer_that_only_warms_the_cache_is_legal()
    {
        var model = await Adapters.ModelAsync(Family.OpenAi);

        var refused = await Adapters.AskAsync(TestMessages.Of(model, stream: false, "\"max_tokens\":0"));

        Assert.Equal(400, refused.Status);
        Assert.Equal("max_tokens", refused.Error.GetProperty("details").GetProperty("param").GetString());
        var (answer, _, _) = await AskAsync(
            http => http.Response.WriteAsync("""{"type":"message","role":"assistant","content":[],"stop_reason":"max_tokens","usage":{"input_tokens":25,"output_tokens":0}}"""), stream: false, "\"max_tokens\":0");
        Assert.Equal(200, answer.Status);
    }

    private static string Wire(string[] events)
    {
        var text = new StringBuilder();
        foreach (var data in events) text.Append("event: ").Append(data.Split('"')[3]).Append("\ndata: ").Append(data).Append("\n\n");
        return text.ToString();
    }

    private async Task<(Answer Answer, TestCall Call, TestModel Model)> AskAsync(RequestDelegate upstream, bool stream, string members = "\"max_tokens\":1000")
    {
        await using var raw = await RawUpstream.StartAsync(http =>
        {
            http.Response.ContentType = stream ? "text/event-stream" : "application/json";
            return upstream(http);
        });
        var model = await Adapters.ModelAtAsync(Family.Anthropic, raw.BaseAddress);
        var call = TestMessages.Of(model, stream, members);
        return (await Adapters.AskAsync(call), call, model);
    }
}
