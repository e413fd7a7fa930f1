using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.Anthropic;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Tests.Clients.Anthropic;

/// <summary>How answers of other families become Anthropic's events.</summary>
public sealed class TranslatedEventsTests
{
    private static readonly AnswerHead Head = AnswerHead.New("m", DateTimeOffset.UnixEpoch);
    private static readonly TokenCounts Tokens = new(11, 9, 5) { CacheWrite = 2, Reasoning = 3 };

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ChatAnswerReader _reader = new();
    private readonly TranslatedEvents _writer = new(() => Head, 17);

    private string Written => Encoding.UTF8.GetString(_output.WrittenSpan);

    [Fact]
    public void A_stream_begins_at_once_with_an_estimate_and_ends_with_what_was_used()
    {
        Read("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""");

        var begun = MessageAnswer.OfStream(Written);
        Assert.Equal((17, 0), ((int)begun.Usage["input_tokens"]!, (int)begun.Usage["output_tokens"]!));
        Assert.EndsWith("event: ping\ndata: {\"type\":\"ping\"}\n\n", Written, StringComparison.Ordinal);

        Read("""{"choices":[{"index":0,"delta":{"content":"caf\u00e9 \"✓\""},"finish_reason":"stop"}]}""");
        _writer.WriteEnd(_output, Tokens, isClaimed: true);

        var ended = MessageAnswer.OfStream(Written);
        Assert.Equal((true, "café \"✓\"", "end_turn"), (ended.IsComplete, ended.Text, ended.StopReason));
        Assert.Equal(
            """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":4,"cache_creation_input_tokens":2,"cache_read_input_tokens":5,"output_tokens":9,"output_tokens_details":{"thinking_tokens":3}}}""",
            Written.Split("data: ")[^2].Split('\n')[0]);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", Written, StringComparison.Ordinal);
    }

    [Fact]
    public void Thinking_text_and_tools_are_blocks_one_after_the_other()
    {
        Delta("\"reasoning_content\":\"Hm\"");
        Delta("\"reasoning_content\":\".\"");
        Delta("\"content\":\"Let me\"");
        Delta("\"content\":\" check.\"");
        Delta("\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]");
        Delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]");
        Delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]");
        Read("""{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""");
        _writer.WriteEnd(_output, Tokens, isClaimed: true);

        var message = MessageAnswer.OfStream(Written);

        Assert.Equal("tool_use", message.StopReason);
        AssertBlocks(
            """[{"type":"thinking","thinking":"Hm.","signature":""},{"type":"text","text":"Let me check."},{"type":"tool_use","id":"call_1","name":"f","input":{"a":1}}]""", message);
    }

    [Fact]
    public void Calls_that_are_mixed_are_unmixed_and_lose_nothing()
    {
        Delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":\"}}]");
        Delta("\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{\\\"y\\\":\"}}]");
        Delta("\"content\":\"words\"");
        Delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}},{\"index\":1,\"function\":{\"arguments\":\"2}\"}}]");
        Read("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        _writer.WriteEnd(_output, Tokens, isClaimed: true);

        var message = MessageAnswer.OfStream(Written);

        // The provider says that it has stopped; that there are tools to run says more.
        Assert.Equal("tool_use", message.StopReason);
        AssertBlocks("""[{"type":"tool_use","id":"a","name":"f","input":{"x":1}},{"type":"tool_use","id":"b","name":"g","input":{"y":2}},{"type":"text","text":"words"}]""", message);
    }

    [Fact]
    public void What_is_withdrawn_leaves_no_trace_and_the_block_that_was_shown_is_closed()
    {
        Delta("\"content\":\"shown\"");
        _writer.Commit();
        var shown = _output.WrittenCount;
        Delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"x\"}},{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"x\"}}]");
        var instead = new ArrayBufferWriter<byte>();
        instead.Write(_output.WrittenSpan[..shown]);

        _writer.Withdraw();
        _writer.WriteFiltered(instead, 0);
        _writer.WriteEnd(instead, Tokens, isClaimed: false);

        var message = MessageAnswer.OfStream(Encoding.UTF8.GetString(instead.WrittenSpan));
        Assert.Equal((true, "refusal"), (message.IsComplete, message.StopReason));
        AssertBlocks("""[{"type":"text","text":"shown"}]""", message);
    }

    [Fact]
    public void A_stream_that_is_filtered_before_its_first_word_is_a_whole_message()
    {
        Delta("\"content\":\"hidden\"");
        var instead = new ArrayBufferWriter<byte>();

        _writer.Withdraw();
        _writer.WriteFiltered(instead, 0);
        _writer.WriteEnd(instead, Tokens, isClaimed: false);

        var message = MessageAnswer.OfStream(Encoding.UTF8.GetString(instead.WrittenSpan));
        Assert.Equal((true, "refusal", 0), (message.IsComplete, message.StopReason, message.Blocks.Count));
    }

    [Theory]
    [InlineData("stop", "\"content\":\"x\"", "end_turn")]
    [InlineData("length", "\"content\":\"x\"", "max_tokens")]
    [InlineData("content_filter", "\"content\":\"x\"", "refusal")]
    [InlineData("tool_calls", "\"content\":\"x\"", "end_turn")]
    [InlineData("function_call", "\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}", "tool_use")]
    [InlineData("length", "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]", "max_tokens")]
    [InlineData("stop", "\"refusal\":\"I cannot.\"", "refusal")]
    public void A_reason_is_the_same_for_a_stream_and_a_plain_answer(string reason, string member, string expected)
    {
        Delta(member);
        Read($$$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{{reason}}}"}]}""");
        _writer.WriteEnd(_output, Tokens, isClaimed: true);
        var plain = new ChatAnswerReader();
        Assert.True(plain.TryReadPlain(Encoding.UTF8.GetBytes($$$"""{"choices":[{"index":0,"message":{"role":"assistant",{{{member}}}},"finish_reason":"{{{reason}}}"}]}""")));

        Assert.Equal(expected, MessageAnswer.OfStream(Written).StopReason);
        Assert.Equal(expected, MessageAnswer.Plain(Encoding.UTF8.GetString(_writer.Completion(default, plain, Tokens).Span)).StopReason);
    }

    [Fact]
    public void A_plain_answer_is_one_message()
    {
        Assert.True(_reader.TryReadPlain("""
            {"choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"Hm.","content":"words","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\":[1.0]}"}},
            {"id":"b","function":{"name":"g","arguments":""}},{"id":"c","function":{"name":"h","arguments":"{\"cut"}}]},"finish_reason":"tool_calls"},{"index":1,"message":{"content":"another"}}]}
            """u8));

        var message = JsonNode.Parse(_writer.Completion(default, _reader, Tokens).Span)!.AsObject();

        Assert.StartsWith("msg_", (string?)message["id"], StringComparison.Ordinal);
        message.Remove("id");
        Assert.Equal(
            JsonNode.Parse("""
                {"type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"Hm.","signature":""},{"type":"text","text":"words","citations":null},
                {"type":"tool_use","id":"a","name":"f","input":{"x":[1.0]}},{"type":"tool_use","id":"b","name":"g","input":{}},{"type":"tool_use","id":"c","name":"h","input":{}}],
                "stop_reason":"tool_use","stop_sequence":null,"stop_details":null,"container":null,"usage":{"input_tokens":4,"cache_creation_input_tokens":2,"cache_read_input_tokens":5,"output_tokens":9,
                "output_tokens_details":{"thinking_tokens":3},"cache_creation":null,"server_tool_use":null,"service_tier":"standard","inference_geo":null}}
                """)!.ToJsonString(),
            message.ToJsonString());
    }

    [Fact]
    public void A_piece_of_text_costs_its_text_and_nothing_else()
    {
        var piece = """{"choices":[{"index":0,"delta":{"content":" sandbox"}}]}"""u8.ToArray();
        for (var i = 0; i < 2_000; i++) Write();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Write();
        var bytesPerPiece = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000.0;

        // A string of eight characters.
        Assert.Equal(40, bytesPerPiece);

        void Write()
        {
            Assert.True(_reader.TryReadEvent(piece));
            _writer.WriteEvent(_output, piece, _reader);
            _output.ResetWrittenCount();
        }
    }

    private static void AssertBlocks(string expected, MessageAnswer message) => Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), message.Blocks.ToJsonString());

    private void Delta(string member) => Read($$$"""{"choices":[{"index":0,"delta":{{{{member}}}},"finish_reason":null}]}""");

    private void Read(string json)
    {
        var data = Encoding.UTF8.GetBytes(json);
        Assert.True(_reader.TryReadEvent(data));
        _writer.WriteEvent(_output, data, _reader);
    }
}
