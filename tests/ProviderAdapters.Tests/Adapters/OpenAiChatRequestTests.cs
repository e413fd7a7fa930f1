using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Tests.OpenAi;

/// <summary>How a call that did not come in OpenAI's dialect is put into it.</summary>
public sealed class OpenAiChatRequestTests
{
    private const string Everything = """
        {"model":"","messages":[{"role":"system","content":"s"},{"role":"user","name":"n","content":[{"type":"text","text":"世界 \"t\""},
        {"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},{"type":"image_url","image_url":{"url":"https://e.org/a.png"}},
        {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"r"},{"role":"tool","tool_call_id":"c2","content":""},{"role":"function","name":"g","content":"old"},
        {"role":"assistant","content":"a"},{"role":"user","content":"one\ntwo"}],
        "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","x":1.0},"strict":true}},{"type":"function","function":{"name":"g"}}],
        "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,"max_completion_tokens":7,"temperature":0.5,"top_p":0.25,"presence_penalty":1,"frequency_penalty":-1,
        "n":2,"logprobs":true,"stop":["a","b","c","d"],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},
        "reasoning_effort":"low","user":"u","stream":true,"stream_options":{"include_usage":true}}
        """;

    [Fact]
    public void Whatever_the_neutral_call_holds_is_written_and_nothing_else() => AssertJson(Everything, Write(ChatRequestReader.Read(Encoding.UTF8.GetBytes(Everything))));

    [Fact]
    public void A_call_of_few_words_stays_short() => AssertJson(
        """{"model":"","messages":[{"role":"user","content":"one\ntwo"}]}""",
        Write(new ChatRequest { Messages = [new ChatMessage(ChatRole.User, [new TextPart("a", "one"), new TextPart("b", "two")])] }));

    [Theory]
    [InlineData(ToolChoiceKind.Auto, "auto")]
    [InlineData(ToolChoiceKind.None, "none")]
    [InlineData(ToolChoiceKind.Required, "required")]
    public void A_choice_about_tools_is_a_word(object kind, string word) => Assert.Equal(
        word, (string?)Write(new ChatRequest { Messages = [], Tools = [new ToolDefinition("f", null, null, null)], ToolChoice = new ToolChoice((ToolChoiceKind)kind) })["tool_choice"]);

    [Fact]
    public void Without_tools_nothing_is_said_of_them() => AssertJson(
        """{"model":"","messages":[]}""", Write(new ChatRequest { Messages = [], ToolChoice = new ToolChoice(ToolChoiceKind.Auto), ParallelToolCalls = false }));

    [Fact]
    public void Of_many_stops_the_first_four_count() => AssertJson(
        """{"model":"","messages":[],"stop":["1","2","3","4"]}""", Write(new ChatRequest { Messages = [], Stop = ["1", "2", "3", "4", "5"] }));

    [Fact]
    public void A_schema_without_a_name_gets_one_and_none_at_all_means_any_object()
    {
        AssertJson(
            """{"model":"","messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"a":1}}}}""",
            Write(new ChatRequest { Messages = [], Format = new ResponseFormat(null, JsonElement.Parse("""{"a":1}"""), null) }));
        AssertJson("""{"model":"","messages":[],"response_format":{"type":"json_object"}}""", Write(new ChatRequest { Messages = [], Format = new ResponseFormat(null, null, null) }));
    }

    [Fact]
    public void Only_a_user_shows_images()
    {
        var refused = Assert.Throws<UntranslatableException>(() => Write(new ChatRequest
        {
            Messages = [new ChatMessage(ChatRole.Assistant, [new TextPart("m.a", "x"), new ImagePart("m.b", "https://e.org", null)])],
        }));
        Assert.Equal("m.b", refused.Param);
    }

    [Fact]
    public void The_body_takes_the_upstreams_model_and_asks_for_usage()
    {
        ReadOnlyMemory<byte> body = OpenAiChatRequest.Write(new ChatRequest { Messages = [], Stream = true });
        var pieces = ChatRequestShape.Read(body.Span, out _)!.Apply(body, "up");
        Assert.Equal(
            """{"model":"up","messages":[],"stream":true,"stream_options":{"include_usage":true}}""", string.Concat(pieces.Select(piece => Encoding.UTF8.GetString(piece.Span))));
    }

    private static JsonNode Write(ChatRequest request) => JsonNode.Parse(OpenAiChatRequest.Write(request))!;

    private static void AssertJson(string expected, JsonNode actual) => Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), actual.ToJsonString());
}
