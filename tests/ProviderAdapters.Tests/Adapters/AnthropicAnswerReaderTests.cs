using System.Text;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Tests.Anthropic;

public sealed class AnthropicAnswerReaderTests
{
    private const string Start = """{"type":"message_start","message":{"id":"msg_1","content":[],"usage":{"input_tokens":25,"cache_creation_input_tokens":3,"cache_read_input_tokens":4,"output_tokens":1}}}""";

    private readonly AnthropicAnswerReader _reader = new(AnswerHead.New("m", DateTimeOffset.UnixEpoch));

    [Fact]
    public void A_whole_message_is_text_thoughts_and_tool_calls()
    {
        Assert.True(_reader.TryReadPlain(Encoding.UTF8.GetBytes("""
            {"content":[
              {"type":"thinking","thinking":"Hm.","signature":"s"},{"data":"x","type":"redacted_thinking"},
              {"type":"text","text":"Let me see.","citations":null},
              {"type":"server_tool_use","id":"srv","name":"web_search","input":{"query":"x"}},{"type":"web_search_tool_result","content":[{"type":"text","text":"no"}]},
              {"input":{"city": "Xi'an"},"id":"toolu_1","name":"w","type":"tool_use"},{"type":"tool_use","id":"toolu_2","name":"n","input":{}}],
             "type":"message","role":"assistant","id":"msg_1","stop_reason":"tool_use","error":null,
             "usage":{"input_tokens":12,"cache_creation_input_tokens":3,"cache_read_input_tokens":4,"output_tokens":6,"output_tokens_details":{"thinking_tokens":2},"server_tool_use":null}}
            """)));

        Assert.Equal(
            [
                new(0, DeltaKind.Thought, "Hm."), new(0, DeltaKind.Text, "Let me see."),
                new(0, DeltaKind.ToolStart, "") { ToolIndex = 0, ToolId = "toolu_1", ToolName = "w" }, new(0, DeltaKind.ToolArguments, """{"city": "Xi'an"}""") { ToolIndex = 0 },
                new(0, DeltaKind.ToolStart, "") { ToolIndex = 1, ToolId = "toolu_2", ToolName = "n" }, new(0, DeltaKind.ToolArguments, "{}") { ToolIndex = 1 },
            ],
            _reader.Deltas);
        Assert.Equal([(0, "tool_calls")], _reader.Choices);
        Assert.Equal(new ClaimedUsage(19, 6, 4) { CacheWrite = 3, Reasoning = 2 }, _reader.Usage);
        Assert.False(_reader.HasError);
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("pause_turn", "stop")]
    [InlineData("something_new", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("tool_use", "tool_calls")]
    [InlineData("refusal", "content_filter")]
    public void Every_reason_to_stop_has_its_word(string reason, string expected)
    {
        Assert.True(_reader.TryReadPlain(Encoding.UTF8.GetBytes($$"""{"type":"message","content":[],"stop_reason":"{{reason}}"}""")));
        Assert.Equal([(0, expected)], _reader.Choices);
        Read(Start);
        Assert.Equal([], New().Choices);
        var stream = New();
        Assert.True(stream.TryReadEvent(Encoding.UTF8.GetBytes($$"""{"type":"message_delta","delta":{"stop_reason":"{{reason}}"} }""")));
        Assert.Equal([(0, expected)], stream.Choices);
    }

    [Theory]
    [InlineData("\"cyber\"", "cyber")]
    [InlineData("null", null)]
    [InlineData("\"zebra\"", null)]
    [InlineData("{\"category\":\"bio\"}", null)]
    public void What_a_refusal_is_about_is_read_where_it_is_a_known_category(string category, string? expected)
    {
        var details = $$"""{"explanation":{"category":"bio"},"category":{{category}},"type":"refusal"}""";
        Assert.True(_reader.TryReadPlain(Encoding.UTF8.GetBytes($$"""{"type":"message","content":[],"stop_reason":"refusal","stop_details":{{details}}}""")));
        Assert.Equal(expected, _reader.RefusedFor);
        var stream = New();
        Assert.True(stream.TryReadEvent(Encoding.UTF8.GetBytes($$"""{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{{details}} } }""")));
        Assert.True(stream.TryReadEvent("""{"type":"message_stop"}"""u8));
        Assert.Equal(expected, stream.RefusedFor);
    }

    [Fact]
    public void A_stream_of_thinking_text_and_two_calls_is_read_event_by_event()
    {
        Same(([], [(0, null)]), Read(Start));
        Same(([], []), Read("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"""));
        Same(([new(0, DeltaKind.Thought, "Hm.")], [(0, null)]), Read("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}"""));
        Same(([], []), Read("""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}"""));
        Same(([], []), Read("""{"type":"content_block_stop","index":0}"""));
        Same(([], []), Read("""{"type":"ping"}"""));
        Same(([new(0, DeltaKind.Text, "Let")], [(0, null)]), Read("""{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"Let"}}"""));
        Same(([new(0, DeltaKind.Text, " me")], [(0, null)]), Read("""{"delta":{"text":" me","type":"text_delta"},"index":1,"type":"content_block_delta"}"""));
        Same(([], []), Read("""{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"text":"no"}}}"""));
        Same(([], []), Read("""{"type":"content_block_stop","index":1}"""));
        Same(([new(0, DeltaKind.ToolStart, "") { ToolId = "toolu_1", ToolName = "w" }], [(0, null)]), Read("""{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"w","input":{}}}"""));
        Same(([], []), Read("""{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"""));
        Same(([new(0, DeltaKind.ToolArguments, "{\"a\":")], [(0, null)]), Read("""{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"""));
        Same(([new(0, DeltaKind.ToolArguments, "1}")], [(0, null)]), Read("""{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}"""));
        Same(([], []), Read("""{"type":"content_block_stop","index":2}"""));
        Same(([new(0, DeltaKind.ToolStart, "") { ToolIndex = 1, ToolId = "toolu_2", ToolName = "n" }], [(0, null)]), Read("""{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_2","name":"n","input":{}}}"""));
        Same(([], []), Read("""{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}"""));
        Same(([new(0, DeltaKind.ToolArguments, "{}") { ToolIndex = 1 }], [(0, null)]), Read("""{"type":"content_block_stop","index":3}"""));
        Same(([], [(0, "tool_calls")]), Read("""{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":58}}"""));
        Assert.Equal(new ClaimedUsage(32, 58, 4) { CacheWrite = 3 }, _reader.Usage);
        Assert.False(_reader.IsEnd);
        Same(([], []), Read("""{"type":"message_stop"}"""));
        Assert.True(_reader.IsEnd);
    }

    [Fact]
    public void Usage_replaces_what_was_said_before_and_the_start_claims_no_output()
    {
        Read(Start);
        Assert.Equal(new ClaimedUsage(32, null, 4) { CacheWrite = 3 }, _reader.Usage);
        Read("""{"type":"ping"}""");
        Assert.Null(_reader.Usage);
        Read("""{"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":5}}""");
        Read("""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":30,"cache_creation_input_tokens":null,"cache_read_input_tokens":0,"output_tokens":9,"output_tokens_details":{"thinking_tokens":7}}}""");
        Assert.Equal(new ClaimedUsage(33, 9, 0) { CacheWrite = 3, Reasoning = 7 }, _reader.Usage);
    }

    [Theory]
    [InlineData("-5", "0", "20", "-5")]
    [InlineData("5", "0.5", "20", "0.5")]
    [InlineData("5", "7", "-1", "-1")]
    [InlineData("1e40", "1", "1", "79228162514264337593543950335")]
    [InlineData("1", "1e40", "1e40", "79228162514264337593543950335")]
    [InlineData("1000000000000", "1", "1", "1000000000002")]
    [InlineData("\"12\"", "1", "1", null)]
    public void An_impossible_part_is_not_hidden_in_the_sum(string uncached, string written, string read, string? input)
    {
        Assert.True(_reader.TryReadPlain(Encoding.UTF8.GetBytes(
            $$"""{"type":"message","content":[],"usage":{"input_tokens":{{uncached}},"cache_creation_input_tokens":{{written}},"cache_read_input_tokens":{{read}},"output_tokens":1} }""")));
        Assert.Equal(input is null ? null : decimal.Parse(input, System.Globalization.CultureInfo.InvariantCulture), _reader.Usage!.Value.Input);
    }

    [Fact]
    public void The_first_reason_counts_and_an_end_without_one_is_a_stop()
    {
        Read(Start);
        Same(([], [(0, "length")]), Read("""{"type":"message_delta","delta":{"stop_reason":"max_tokens"}}"""));
        Same(([], []), Read("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"""));

        var other = New();
        Assert.True(other.TryReadEvent(Encoding.UTF8.GetBytes(Start)));
        Assert.True(other.TryReadEvent("""{"type":"message_stop"}"""u8));
        Assert.Equal([(0, "stop")], other.Choices);
        var empty = New();
        Assert.True(empty.TryReadEvent("""{"type":"message_stop"}"""u8));
        Assert.Equal([], empty.Choices);
    }

    [Fact]
    public void Arguments_that_come_whole_with_the_call_are_kept_and_a_call_nobody_closed_is_closed()
    {
        Read(Start);
        Read("""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"w","input":{"a":1}}}""");
        Same(([new(0, DeltaKind.ToolArguments, """{"a":1}""")], [(0, "tool_calls")]), Read("""{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"""));
    }

    [Fact]
    public void Arguments_of_tools_that_run_at_the_provider_are_not_shown()
    {
        Read(Start);
        Same(([], []), Read("""{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"t","name":"web_search","input":{}}}"""));
        Same(([], []), Read("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}"""));
        Same(([], []), Read("""{"type":"content_block_stop","index":0}"""));
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"x"}}""", true)]
    [InlineData("""{"error":{"message":"x"}}""", true)]
    [InlineData("""{"type":"error"}""", true)]
    [InlineData("""{"type":"ping","error":null}""", false)]
    [InlineData("""{"type":"something_new","delta":{"stop_reason":5},"content_block":7,"usage":[]}""", false)]
    public void An_error_is_told_from_what_is_new(string json, bool isError)
    {
        Assert.True(_reader.TryReadEvent(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(isError, _reader.HasError);
        Same(([], []), (_reader.Deltas.ToArray(), _reader.Choices.ToArray()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("[DONE]")]
    [InlineData("{}")]
    [InlineData("""{"id":"x","choices":[]}""")]
    [InlineData("""{"type":5}""")]
    [InlineData("""{"type":"content_block_delta","delta""")]
    [InlineData("""{"type":"ping"}{}""")]
    public void Garbage_is_told_from_an_event(string json)
    {
        Assert.False(_reader.TryReadEvent(Encoding.UTF8.GetBytes(json)));
        Assert.False(_reader.TryReadPlain(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void An_event_is_no_plain_answer() => Assert.False(_reader.TryReadPlain(Encoding.UTF8.GetBytes(Start)));

    private static AnthropicAnswerReader New() => new(AnswerHead.New("m", DateTimeOffset.UnixEpoch));

    private static void Same((AnswerDelta[] Deltas, (int, string?)[] Choices) expected, (AnswerDelta[] Deltas, (int, string?)[] Choices) actual)
    {
        Assert.Equal(expected.Deltas, actual.Deltas);
        Assert.Equal(expected.Choices, actual.Choices);
    }

    private (AnswerDelta[] Deltas, (int, string?)[] Choices) Read(string json)
    {
        Assert.True(_reader.TryReadEvent(Encoding.UTF8.GetBytes(json)), json);
        return (_reader.Deltas.ToArray(), _reader.Choices.ToArray());
    }
}
