using System.Text;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Tests.OpenAi;

public sealed class ChatAnswerReaderTests
{
    private readonly ChatAnswerReader _reader = new();

    [Fact]
    public void All_text_that_a_client_would_see_is_found_and_nothing_else()
    {
        Assert.True(_reader.TryRead(Encoding.UTF8.GetBytes("""
            {"id":"x","choices":[
              {"delta":{"role":"assistant","content":"one","refusal":null,"reasoning_content":"two","tool_calls":[{"index":0,"id":"call","type":"function","function":{"name":"f","arguments":"three"}}]},"index":1},
              {"index":0,"delta":{"content":[{"type":"text","text":"four"}],"refusal":"five","audio":{"id":"a","data":"AAAA","transcript":"six"}},"logprobs":{"content":[{"token":"no"}]},"finish_reason":"stop"}
            ]}
            """)));

        Assert.Equal(
            [
                new(1, DeltaKind.Text, "one"), new(1, DeltaKind.Thought, "two"),
                new(1, DeltaKind.ToolStart, "") { ToolId = "call", ToolName = "f" }, new(1, DeltaKind.ToolArguments, "three"),
                new(0, DeltaKind.Text, "four"), new(0, DeltaKind.Refusal, "five"), new(0, DeltaKind.Text, "six"),
            ],
            _reader.Deltas);
        Assert.Equal([(1, null), (0, "stop")], _reader.Choices);
    }

    [Theory]
    [InlineData("""{"choices":[],"usage":null}""", """{"choices":[]}""")]
    [InlineData("""{"choices":[] , "usage" : {"prompt_tokens":1} ,"x":1}""", """{"choices":[]  ,"x":1}""")]
    [InlineData("""{"usage":null,"choices":[]}""", """{"choices":[]}""")]
    [InlineData("""{ "usage":null }""", """{  }""")]
    [InlineData("""{"choices":[]}""", """{"choices":[]}""")]
    [InlineData("""{"a":{"usage":1}}""", """{"a":{"usage":1}}""")]
    public void The_usage_member_can_be_cut_out_with_its_comma(string json, string without)
    {
        Assert.True(_reader.TryRead(Encoding.UTF8.GetBytes(json)));
        var (start, length) = _reader.UsageMember.GetOffsetAndLength(json.Length);
        Assert.Equal(without, json.Remove(start, length));
    }

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":11,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":5,"audio_tokens":0}}}""", "11", "9", "5")]
    [InlineData("""{"usage":{"prompt_tokens":-1,"completion_tokens":1.5}}""", "-1", "1.5", null)]
    [InlineData("""{"usage":{"prompt_tokens":"11","completion_tokens":null,"prompt_tokens_details":null}}""", null, null, null)]
    [InlineData("""{"usage":{"prompt_tokens":1e40,"completion_tokens":0}}""", "79228162514264337593543950335", "0", null)]
    public void Usage_is_read_as_it_is_claimed(string json, string? input, string? output, string? cached)
    {
        Assert.True(_reader.TryRead(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(new ClaimedUsage(Number(input), Number(output), Number(cached)), _reader.Usage);
    }

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":11,"completion_tokens":9,"prompt_tokens_details":{"audio_tokens":3},"completion_tokens_details":{"reasoning_tokens":5,"audio_tokens":2,"x":{}}}}""", 3, 5, 2)]
    [InlineData("""{"usage":{"prompt_tokens":11,"completion_tokens":9,"prompt_tokens_details":null,"completion_tokens_details":[1]}}""", 0, 0, 0)]
    [InlineData("""{"usage":{"prompt_tokens":11,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":"5","audio_tokens":null}}}""", 0, 0, 0)]
    public void Details_of_usage_are_read_where_they_are_told(string json, int audioInput, int reasoning, int audioOutput)
    {
        Assert.True(_reader.TryRead(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(new ClaimedUsage(11, 9, null) { AudioInput = audioInput, Reasoning = reasoning, AudioOutput = audioOutput }, _reader.Usage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\"")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"choices":[1]}""")]
    [InlineData("""{"choices":[{"index":"0"}]}""")]
    [InlineData("""{"choices":[{"index":1.5}]}""")]
    [InlineData("""{"choices":[{"finish_reason":{}}]}""")]
    [InlineData("""{"choices":[]}{}""")]
    public void Garbage_is_told_from_an_answer(string json) => Assert.False(_reader.TryRead(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_garbage()
    {
        Assert.True(_reader.TryRead("""{"choices":[{"index":0,"delta":{"content":"\ud83d"}}]}"""u8));
        Assert.Equal([new(0, DeltaKind.Text, "\ud83d")], _reader.Deltas);
    }

    [Theory]
    [InlineData("""{"error":{"message":"x"}}""", true)]
    [InlineData("""{"error":"x"}""", true)]
    [InlineData("""{"error":null,"choices":[]}""", false)]
    public void An_error_object_is_recognised(string json, bool isError)
    {
        Assert.True(_reader.TryRead(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(isError, _reader.HasError);
    }

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
