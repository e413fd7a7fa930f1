using System.Text.RegularExpressions;
using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.Formats;

public sealed partial class AnthropicWireTests(SandboxFixture fixture)
{
    private const string User = """{"role":"user","content":"Hi"}""";
    private const string Use = """{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{}}]}""";
    private const string Result = """{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"21"}]}""";
    private const string Tool = """{"name":"f","input_schema":{"type":"object"}}""";

    [Fact]
    public async Task A_stream_has_the_events_of_the_reference_sequence()
    {
        var answer = await WireFormat.Of("anthropic").AskAsync(fixture, "claude-wire@text=Hi%20you,tools,toolargs=%7B%7D,reasoning=1,chunks=2,input=25,output=58", stream: true);

        const string Usage = ""","cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":""";
        const string Rest = ""","output_tokens_details":{"thinking_tokens":1},"server_tool_use":null,"service_tier":"standard"}""";
        Assert.Equal(
            $$$$"""
            message_start {"type":"message_start","message":{"id":"msg_","type":"message","role":"assistant","model":"claude-wire","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25{{{{Usage}}}}1{{{{Rest}}}}}}
            content_block_start {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
            ping {"type":"ping"}
            content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"rive"}}
            content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":""}}
            content_block_stop {"type":"content_block_stop","index":0}
            content_block_start {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
            content_block_delta {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi "}}
            content_block_delta {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"you"}}
            content_block_stop {"type":"content_block_stop","index":1}
            content_block_start {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_","name":"get_weather","input":{}}}
            content_block_delta {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{"}}
            content_block_delta {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"}"}}
            content_block_stop {"type":"content_block_stop","index":2}
            message_delta {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":25{{{{Usage}}}}58{{{{Rest}}}}}
            message_stop {"type":"message_stop"}

            """,
            Ids().Replace(answer.Text, "$1").Replace("event: ", "", StringComparison.Ordinal).Replace("\ndata: ", " ", StringComparison.Ordinal).Replace("\n\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_legacy_completion_streams_increments_and_says_nothing_of_tokens()
    {
        var answer = await WireFormat.Of("complete").AskAsync(fixture, "claude-2@text=Hello,chunks=2", stream: true);

        Assert.Equal(
            [
                """{"type":"ping"}""",
                """{"type":"completion","id":"compl_","completion":" He","stop_reason":null,"stop":null,"model":"claude-2","log_id":"compl_"}""",
                """{"type":"completion","id":"compl_","completion":"llo","stop_reason":null,"stop":null,"model":"claude-2","log_id":"compl_"}""",
                """{"type":"completion","id":"compl_","completion":"","stop_reason":"stop_sequence","stop":"\n\nHuman:","model":"claude-2","log_id":"compl_"}""",
            ],
            answer.Frames.Select(frame => Ids().Replace(frame, "$1")));
    }

    [Theory]
    [InlineData(null, null, 401, "authentication_error")]
    [InlineData("x-api-key", null, 400, "invalid_request_error")]
    [InlineData("x-api-key", "2023-06-01", 200, null)]
    [InlineData("Authorization", "2026-10-21", 200, null)]
    public async Task A_key_and_a_version_must_be_there(string? keyHeader, string? version, int status, string? type)
    {
        var headers = new[] { (keyHeader ?? "X-None", keyHeader == "Authorization" ? "Bearer k" : "k"), (version is null ? "X-None-2" : "anthropic-version", version ?? "") };

        var answer = await fixture.SendAsync(HttpMethod.Post, "/v1/messages", Body(User), headers);

        Assert.Equal(status, answer.Status);
        Assert.StartsWith("req_", answer.Headers["request-id"], StringComparison.Ordinal);
        if (type is null) return;
        Assert.Equal((type, answer.Headers["request-id"]), (answer.Json.GetProperty("error").GetProperty("type").GetString(), answer.Json.GetProperty("request_id").GetString()));
    }

    [Theory]
    [InlineData($"{User},{Use},{Result}", $",\"tools\":[{Tool}],\"temperature\":0,\"new_member\":1")]
    [InlineData($$"""{{User}},{"role":"user","content":"again"}""", "")]
    [InlineData(User, ""","system":[{"type":"text","text":"x"}],"thinking":{"type":"adaptive"},"metadata":{"user_id":"u"}""")]
    [InlineData(User, $$""","tools":[{{Tool}}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData(User, ""","tools":[{"type":"web_search_20250305","name":"web_search"}]""")]
    public async Task What_Anthropic_takes_is_taken(string messages, string more) =>
        Assert.Equal(200, (await AskAsync(messages, more)).Status);

    [Theory]
    [InlineData("", "", "messages: at least one message")]
    [InlineData("""{"role":"system","content":"x"}""", "", "messages.0.role")]
    [InlineData("""{"role":"assistant","content":"x"}""", "", "first message must use the")]
    [InlineData("""{"role":"user","content":""}""", "", "text content blocks must be non-empty")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":""}]}""", "", "messages.0.content.0")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}""", "", "messages.0.content.0.image_url")]
    [InlineData("""{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"data:image/png;base64,AA"}}]}""", "", "messages.0.content.0.image")]
    [InlineData($$"""{{User}},{"role":"assistant","content":"Once "}""", "", "trailing whitespace")]
    [InlineData($"{User},{Use},{User}", "", "without a tool_result")]
    [InlineData(Result, "", "unexpected tool_use_id")]
    [InlineData($$"""{{User}},{{Use}},{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","tool_use_id":"toolu_1","content":"21"}]}""", "", "must come first")]
    [InlineData(User, ""","temperature":1.5""", "temperature")]
    [InlineData(User, ""","stop":["x"]""", "stop: Extra inputs")]
    [InlineData(User, ""","stop_sequences":[" "]""", "stop_sequences")]
    [InlineData(User, ""","tools":[{"type":"function","function":{"name":"f"}}]""", "tools.0.name")]
    [InlineData(User, ""","tools":[{"name":"f"}]""", "tools.0.custom.input_schema")]
    [InlineData(User, ""","tool_choice":{"type":"auto"}""", "tool_choice")]
    [InlineData(User, $$""","tools":[{{Tool}}],"tool_choice":"required" """, "tool_choice")]
    [InlineData(User, ""","thinking":{"type":"enabled","budget_tokens":100}""", "budget_tokens")]
    [InlineData(User, ""","thinking":{"type":"enabled","budget_tokens":2000}""", "max_tokens")]
    [InlineData(User, ""","max_tokens":-1""", "max_tokens")]
    public async Task What_Anthropic_refuses_is_refused(string messages, string more, string message)
    {
        var answer = await AskAsync(messages, more);

        Assert.Equal((400, "invalid_request_error"), (answer.Status, answer.Json.GetProperty("error").GetProperty("type").GetString()));
        Assert.Contains(message, answer.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<WireAnswer> AskAsync(string messages, string more) =>
        fixture.SendAsync(HttpMethod.Post, "/v1/messages", Body(messages, more), ("x-api-key", "k"), ("anthropic-version", "2023-06-01"));

    private static string Body(string messages, string more = "") =>
        $$"""{"model":"claude-rules",{{(more.Contains("\"max_tokens\"", StringComparison.Ordinal) ? "" : "\"max_tokens\":100,")}}"messages":[{{messages}}]{{more}}}""";

    [GeneratedRegex("""(msg_|compl_|toolu_)[0-9a-f_]+|(?<=signature":")[A-Za-z0-9+/=]+""")]
    private static partial Regex Ids();
}
