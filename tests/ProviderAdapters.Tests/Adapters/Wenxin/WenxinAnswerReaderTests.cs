using System.Text;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;

namespace Aigc2d.ProviderAdapters.Tests.Wenxin;

public sealed class WenxinAnswerReaderTests
{
    private readonly WenxinAnswerReader _reader = new("ernie-bot");

    [Fact]
    public void A_plain_answer_is_read_whole()
    {
        Assert.True(Plain("""
            {"id":"as-7h1x","object":"chat.completion","created":1767225600,"result":"西安是……","is_truncated":false,"need_clear_history":false,"finish_reason":"normal",
             "usage":{"prompt_tokens":5,"completion_tokens":42,"total_tokens":47}}
            """));

        Assert.Equal([new AnswerDelta(0, DeltaKind.Text, "西安是……")], _reader.Deltas);
        Assert.Equal([(0, "stop")], _reader.Choices);
        Assert.Equal(new ClaimedUsage(5, 42, null), _reader.Usage);
        Assert.Equal(("\"chatcmpl-as-7h1x\"", "1767225600", "\"ernie-bot\""), (Text(_reader.Head.Id), Text(_reader.Head.Created), Text(_reader.Head.Model)));
        Assert.False(_reader.HasError);
    }

    [Theory]
    [InlineData("", "stop")]
    [InlineData(",\"finish_reason\":\"stop\"", "stop")]
    [InlineData(",\"finish_reason\":\"normal\",\"is_truncated\":true", "length")]
    [InlineData(",\"finish_reason\":\"length\"", "length")]
    [InlineData(",\"finish_reason\":\"content_filter\"", "content_filter")]
    [InlineData(",\"finish_reason\":\"normal\",\"need_clear_history\":true,\"ban_round\":-1", "content_filter")]
    [InlineData(",\"flag\":1", "stop")]
    [InlineData(",\"flag\":2", "content_filter")]
    [InlineData(",\"finish_reason\":\"function_call\",\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}", "tool_calls")]
    public void The_end_is_told_in_the_clients_words(string members, string finishReason)
    {
        Assert.True(Plain($$"""{"id":"as-1","result":"text"{{members}}}"""));
        Assert.Equal([(0, finishReason)], _reader.Choices);
        Assert.Equal("text", _reader.Deltas[0].Text);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void What_must_not_be_shown_is_not_delivered(int flag)
    {
        Assert.True(Plain($$"""{"id":"as-1","flag":{{flag}},"result":"text","usage":{"prompt_tokens":5,"completion_tokens":2} }"""));
        Assert.Empty(_reader.Deltas);
        Assert.Equal([(0, "content_filter")], _reader.Choices);
        Assert.Equal(new ClaimedUsage(5, 2, null), _reader.Usage);
    }

    [Fact]
    public void A_function_call_becomes_a_tool_call_without_its_thoughts()
    {
        Assert.True(Plain("""{"id":"as-1","result":"","function_call":{"name":"f","arguments":"{\"a\":1}","thoughts":"hm"},"usage":{"prompt_tokens":5,"completion_tokens":2}}"""));
        var start = _reader.Deltas[0];
        Assert.Equal(("f", 0, ""), (start.ToolName, start.ToolIndex, start.Text));
        Assert.Matches("^call_[0-9a-f]{32}$", start.ToolId);
        Assert.Equal([start, new AnswerDelta(0, DeltaKind.ToolArguments, "{\"a\":1}")], _reader.Deltas);
        Assert.Equal([(0, "tool_calls")], _reader.Choices);
    }

    [Fact]
    public void A_stream_is_read_piece_by_piece_and_its_last_usage_stands()
    {
        Assert.True(Event("""{"id":"as-9","created":1767225600,"sentence_id":0,"is_end":false,"is_truncated":false,"result":"西安","need_clear_history":false,"finish_reason":"normal","usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}"""));
        Assert.Equal([new AnswerDelta(0, DeltaKind.Text, "西安")], _reader.Deltas);
        Assert.Equal([(0, null)], _reader.Choices);
        Assert.False(_reader.IsEnd);
        Assert.Equal(new ClaimedUsage(5, 1, null), _reader.Usage);

        Assert.True(Event("""{"id":"as-10","created":1767225601,"sentence_id":1,"is_end":true,"is_truncated":true,"result":"是古都。","finish_reason":"normal","usage":{"prompt_tokens":5,"completion_tokens":9,"total_tokens":14}}"""));
        Assert.Equal([new AnswerDelta(0, DeltaKind.Text, "是古都。")], _reader.Deltas);
        Assert.Equal([(0, "length")], _reader.Choices);
        Assert.True(_reader.IsEnd);
        Assert.Equal(new ClaimedUsage(5, 9, null), _reader.Usage);
        Assert.Equal(("\"chatcmpl-as-9\"", "1767225600"), (Text(_reader.Head.Id), Text(_reader.Head.Created)));
    }

    [Fact]
    public void From_a_withdrawal_on_nothing_more_of_a_stream_is_delivered()
    {
        Assert.True(Event("""{"id":"as-9","is_end":false,"result":"one"}"""));
        Assert.True(Event("""{"id":"as-9","is_end":false,"result":"two","flag":4}"""));
        Assert.Empty(_reader.Deltas);
        Assert.Equal([(0, null)], _reader.Choices);
        Assert.True(Event("""{"id":"as-9","is_end":true,"result":"three","finish_reason":"normal"}"""));
        Assert.Empty(_reader.Deltas);
        Assert.Equal([(0, "content_filter")], _reader.Choices);
    }

    [Fact]
    public void A_call_in_a_stream_begins_once()
    {
        Assert.True(Event("""{"is_end":false,"result":"","function_call":{"name":"f","arguments":"{\"a\""}}"""));
        Assert.Equal([DeltaKind.ToolStart, DeltaKind.ToolArguments], _reader.Deltas.Select(delta => delta.Kind));
        Assert.True(Event("""{"is_end":false,"result":"","function_call":{"name":"","arguments":":1}"}}"""));
        Assert.Equal([new AnswerDelta(0, DeltaKind.ToolArguments, ":1}")], _reader.Deltas);
        Assert.True(Event("""{"is_end":true,"result":"","function_call":{"name":"f","arguments":"{\"a\":1}"}}"""));
        Assert.Empty(_reader.Deltas);
        Assert.Equal([(0, "tool_calls")], _reader.Choices);
    }

    [Fact]
    public void A_call_without_arguments_has_an_empty_object()
    {
        Assert.True(Event("""{"is_end":false,"result":"","function_call":{"name":"f","arguments":""}}"""));
        Assert.Equal([DeltaKind.ToolStart], _reader.Deltas.Select(delta => delta.Kind));
        Assert.True(Event("""{"is_end":true,"result":""}"""));
        Assert.Equal([new AnswerDelta(0, DeltaKind.ToolArguments, "{}")], _reader.Deltas);
    }

    [Theory]
    [InlineData("""{"error_code":336003,"error_msg":"the max length of messages must be an odd number","id":"as-1"}""")]
    [InlineData("""{"error_code":"18","error_msg":"Open api qps request limit reached"}""")]
    public void An_error_is_found_in_place_of_an_answer_and_of_a_piece(string json)
    {
        Assert.True(Plain(json));
        Assert.True(_reader.HasError);
        Assert.True(Event(json));
        Assert.True(_reader.HasError);
        Assert.Empty(_reader.Choices);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[DONE]")]
    [InlineData("[]")]
    [InlineData("{\"result\":\"a")]
    [InlineData("""{"result":{}}""")]
    [InlineData("""{"result":"\ud800"}""")]
    [InlineData("""{"result":"a","is_end":"yes"}""")]
    [InlineData("""{"result":"a","flag":1.5}""")]
    [InlineData("""{"error_code":"many"}""")]
    [InlineData("""{"result":"a"}{}""")]
    public void Garbage_is_told_from_an_answer(string json)
    {
        Assert.False(Plain(json));
        Assert.False(Event(json));
    }

    [Fact]
    public void An_object_about_something_else_is_no_plain_answer_but_may_pass_in_a_stream()
    {
        Assert.False(Plain("""{"id":"x"}"""));
        Assert.True(Event("""{"id":"x"}"""));
        Assert.Empty(_reader.Choices);
    }

    private bool Plain(string json) => _reader.TryReadPlain(Encoding.UTF8.GetBytes(json));

    private bool Event(string json) => _reader.TryReadEvent(Encoding.UTF8.GetBytes(json));

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
