using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Anthropic;

/// <summary>What goes over the wire to Anthropic and what comes of its answers.</summary>
public sealed class AnthropicWireTests(AdaptersFixture fixture)
{
    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(""), InlineData("v1/")]
    public async Task The_provider_gets_its_route_its_headers_and_the_translated_call(string version)
    {
        var family = Family.Anthropic with { AddressAt = sandbox => new Uri(sandbox, version) };
        var model = await Adapters.ModelAsync(family, "echo");

        var answer = await Adapters.AskAsync(TestCall.With(model, stream: true, """ "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"你好"}],"max_tokens":50,"seed":1 """));

        Assert.Equal("你好", answer.Content);
        var received = Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
        Assert.Equal(("POST", "/v1/messages", ""), (received.GetProperty("method").GetString(), received.GetProperty("path").GetString(), received.GetProperty("query").GetString()));
        Assert.Equal(
            $$"""{"model":"{{model.Upstream}}","max_tokens":50,"stream":true,"system":[{"type":"text","text":"Be brief."}],"messages":[{"role":"user","content":[{"type":"text","text":"你好"}]}]}""",
            received.GetProperty("body").GetString());
        var headers = received.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString());
        Assert.Equal(["accept", "anthropic-version", "content-length", "content-type", "host", "x-api-key"], headers.Keys.Order());
        Assert.Equal(("2023-06-01", family.Credential, "text/event-stream"), (headers["anthropic-version"], headers["x-api-key"], headers["accept"]));
    }

    [Fact]
    public async Task A_channel_can_be_tested()
    {
        var good = await Adapters.ModelAsync(Family.Anthropic);
        var bad = await Adapters.ModelAsync(Family.Anthropic, "status=401");

        Assert.Equal((true, 200, null), await TestAsync(good));
        Assert.Equal((false, 401, "authentication_error: invalid x-api-key *** at ***"), await TestAsync(bad));
    }

    [Fact]
    public async Task A_call_that_cannot_be_put_is_the_clients_fault_and_reaches_nobody()
    {
        var model = await Adapters.ModelAsync(Family.Anthropic);
        var call = TestCall.Of(model, stream: false, n: 2);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((400, "invalid_request", "invalid_value", "n"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString(), answer.Error.GetProperty("param").GetString()));
        Assert.Equal("'n' must be 1 for this model, whose provider gives one answer per call. Send a request for each answer.", answer.Error.GetProperty("message").GetString());
        Assert.Empty(await Adapters.ReceivedAtSandboxAsync(model));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ProviderError, TokenCounts.None, accepted: false));
    }

    [Fact]
    public async Task What_is_new_on_the_wire_is_passed_over_and_the_rest_is_openais()
    {
        string[] events =
        [
            """{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":3,"cache_read_input_tokens":2,"output_tokens":1}}}""",
            """{"type":"brand_new","delta":5}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"brand_new_block","name":"x","text":"not shown"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"caf\u00e9 \"✓\"\n"}}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}""",
            """{"type":"message_stop"}""",
            """{"type":"error","error":{"type":"api_error","message":"too late"}}""",
        ];

        var answer = await AskRawAsync(http => http.Response.WriteAsync(string.Concat(events.Select(data => $": c\r\nevent: x\r\ndata: {data}\r\n\r\n"))));

        Assert.Equal(
            [
                """[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{"content":"café \"✓\"\n"},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"toolu_1","type":"function","function":{"name":"f","arguments":""}}]},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}]""",
                "[]",
            ],
            answer.Chunks.Select(chunk => chunk.GetProperty("choices").GetRawText().Replace("\\u0022", "\\\"", StringComparison.Ordinal)));
        var usage = answer.Chunks[^1].GetProperty("usage");
        Assert.Equal((5, 7, 2), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32()));
        Assert.Equal(("[DONE]", false), (answer.Events[^1], answer.IsBroken));
    }

    [Theory]
    [InlineData("""{"id":"x","choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}""", "provider_error")]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", "provider_error")]
    [InlineData("""{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}""", "rate_limit_exceeded")]
    public async Task A_plain_200_that_is_no_message_is_no_answer(string body, string code)
    {
        var answer = await AskRawAsync(http => http.Response.WriteAsync(body), stream: false);

        Assert.Equal(code, answer.Error.GetProperty("code").GetString());
    }

    private async Task<(bool, int?, string?)> TestAsync(TestModel model)
    {
        using var response = await Adapters.Client.PostAsJsonAsync($"/admin/channels/{model.ChannelId}/test", new { model = model.Name });
        var result = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (result.GetProperty("ok").GetBoolean(), result.GetProperty("status").GetInt32(), result.GetProperty("error").GetString());
    }

    private async Task<Answer> AskRawAsync(RequestDelegate write, bool stream = true)
    {
        await using var upstream = await RawUpstream.StartAsync(write);
        var model = await Adapters.ModelAtAsync(Family.Anthropic, upstream.BaseAddress);
        return await Adapters.AskAsync(TestCall.Of(model, stream, includeUsage: stream));
    }
}
