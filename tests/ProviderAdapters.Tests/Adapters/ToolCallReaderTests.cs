using System.Text;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Tests.OpenAi;

/// <summary>Which tool calls an answer in OpenAI's dialect makes, and which arguments are whose.</summary>
public sealed class ToolCallReaderTests
{
    private readonly ChatAnswerReader _reader = new();

    [Fact]
    public void A_call_begins_once_and_its_arguments_follow_in_pieces()
    {
        Assert.Equal([Start(0, 0, "c1", "f")], Chunk("""{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}"""));
        Assert.Equal([Arguments(0, 0, "{\"a\":")], Chunk("""{"index":0,"function":{"arguments":"{\"a\":"}}"""));
        Assert.Equal([Arguments(0, 0, "1}")], Chunk("""{"function":{"arguments":"1}","name":""},"id":"","index":0}"""));
    }

    [Fact]
    public void Parallel_calls_are_numbered_from_0_and_may_be_mixed()
    {
        Assert.Equal(
            [Start(0, 0, "c1", "f"), Start(0, 1, "c2", "g"), Arguments(0, 1, "x")],
            Chunk("""{"index":3,"id":"c1","function":{"name":"f"}},{"index":5,"id":"c2","function":{"name":"g","arguments":"x"}}"""));
        Assert.Equal(
            [Arguments(0, 1, "y"), Arguments(0, 0, "z")],
            Chunk("""{"index":5,"function":{"arguments":"y"}},{"index":3,"function":{"arguments":"z"}}"""));
    }

    [Fact]
    public void Each_choice_numbers_its_own_calls_though_its_index_comes_last()
    {
        Assert.Equal(
            [Start(1, 0, "c1", "f"), Start(0, 0, "c2", "f")],
            Read("""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f"}}]},"index":1},{"delta":{"tool_calls":[{"index":0,"id":"c2","function":{"name":"f"}}]},"index":0}]}"""));
    }

    [Fact]
    public void Whole_calls_that_all_bear_one_number_or_none_are_several()
    {
        Assert.Equal([Start(0, 0, "c1", "f"), Arguments(0, 0, "1")], Chunk("""{"index":0,"id":"c1","function":{"name":"f","arguments":"1"}}"""));
        Assert.Equal([Start(0, 1, "c2", "f"), Arguments(0, 1, "2")], Chunk("""{"index":0,"id":"c2","function":{"name":"f","arguments":"2"}}"""));
        Assert.Equal([Start(0, 2, null, "f"), Arguments(0, 2, "3")], Chunk("""{"function":{"name":"f","arguments":"3"}}"""));
        Assert.Equal([Arguments(0, 2, "4")], Chunk("""{"function":{"arguments":"4"}}"""));
    }

    [Fact]
    public void A_call_that_repeats_its_id_and_name_goes_on()
    {
        Chunk("""{"index":0,"id":"c1","function":{"name":"f","arguments":"1"}}""");
        Assert.Equal([Arguments(0, 0, "2")], Chunk("""{"index":0,"id":"c1","function":{"name":"f","arguments":"2"}}"""));
    }

    [Fact]
    public void A_plain_answer_has_its_calls_whole_and_knows_nothing_of_the_last_one()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.True(_reader.TryReadPlain("""
                {"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},
                {"id":"c2","type":"custom","custom":{"name":"g","input":"text"}}]},"finish_reason":"tool_calls"}]}
                """u8));
            Assert.Equal([Start(0, 0, "c1", "f"), Arguments(0, 0, "{}"), Start(0, 1, "c2", "g"), Arguments(0, 1, "text")], _reader.Deltas);
        }
    }

    [Fact]
    public void The_old_function_call_is_a_call_without_an_id()
    {
        Assert.Equal([Start(0, 0, null, "f")], Read("""{"choices":[{"index":0,"delta":{"function_call":{"name":"f","arguments":""}}}]}"""));
        Assert.Equal([Arguments(0, 0, "{}")], Read("""{"choices":[{"index":0,"delta":{"function_call":{"name":"f","arguments":"{}"}}}]}"""));
    }

    [Fact]
    public void Arguments_that_are_an_object_are_its_text() => Assert.Equal(
        [Start(0, 0, "c", "f"), Arguments(0, 0, """{"name":"x", "text":["y"]}""")], Chunk("""{"index":0,"id":"c","function":{"name":"f","arguments":{"name":"x", "text":["y"]}}}"""));

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":null}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":{}}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[]}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[null,1,["x"]],"function_call":"x"}}]}""")]
    public void What_is_no_call_is_passed_over(string json) => Assert.Empty(Read(json));

    [Fact]
    public void More_calls_than_any_model_makes_are_garbage()
    {
        for (var i = 0; i < 4_096; i++) Chunk($$$"""{"index":{{{i}}},"id":"c{{{i}}}","function":{"name":"f"}}""");
        Assert.False(_reader.TryRead("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":4096,"id":"x","function":{"name":"f"}}]}}]}"""u8));
    }

    private static AnswerDelta Start(int choice, int number, string? id, string name) => new(choice, DeltaKind.ToolStart, "") { ToolIndex = number, ToolId = id, ToolName = name };

    private static AnswerDelta Arguments(int choice, int number, string text) => new(choice, DeltaKind.ToolArguments, text) { ToolIndex = number };

    private AnswerDelta[] Chunk(string calls) => Read($$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{{{calls}}}]},"finish_reason":null}]}""");

    private AnswerDelta[] Read(string json)
    {
        Assert.True(_reader.TryRead(Encoding.UTF8.GetBytes(json)));
        return [.. _reader.Deltas];
    }
}
