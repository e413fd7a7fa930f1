using System.Text;
using System.Text.Json.Nodes;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.Anthropic;
using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Clients.Anthropic;

/// <summary>What a call of Anthropic's clients becomes for providers of other families.</summary>
public sealed class MessagesReaderTests
{
    [Fact]
    public void A_whole_conversation_keeps_its_texts_images_tools_and_wishes() => AssertInOpenAi(
        """
        {"model":"","messages":[
          {"role":"system","content":"Be brief.\n\nBe kind."},
          {"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"image_url","image_url":{"url":"https://e.org/a.png"}}]},
          {"role":"assistant","content":"Let me look.","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"look","arguments":"{\"at\":\"it\",\"n\":1.0}"}}]},
          {"role":"tool","tool_call_id":"toolu_1","content":"a cat\non a mat"},
          {"role":"tool","tool_call_id":"toolu_2","content":"Error: gone"},
          {"role":"tool","tool_call_id":"toolu_3","content":""},
          {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/gif;base64,BB=="}},{"type":"text","text":"And now?"}]},
          {"role":"system","content":"Hurry."}],
         "tools":[{"type":"function","function":{"name":"look","description":"d","parameters":{"type":"object"},"strict":true}}],
         "tool_choice":{"type":"function","function":{"name":"look"}},"parallel_tool_calls":false,"max_completion_tokens":7,"temperature":0.5,"top_p":0.25,"stop":["a","b","c","d"],
         "response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}},"reasoning_effort":"low","user":"u","stream":true,"stream_options":{"include_usage":true}}
        """,
        """
        {"model":"m","max_tokens":7,"stream":true,"temperature":0.5,"top_p":0.25,"top_k":3,"stop_sequences":["a","b","c","d","e"],"metadata":{"user_id":"u"},"service_tier":"auto",
         "system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Be kind."}],
         "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}},"thinking":{"type":"adaptive"},
         "tools":[{"name":"look","description":"d","input_schema":{"type":"object"},"strict":true,"type":"custom"}],
         "tool_choice":{"type":"tool","name":"look","disable_parallel_tool_use":true},
         "messages":[
          {"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}},{"type":"image","source":{"type":"url","url":"https://e.org/a.png"}}]},
          {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"EqQB"},{"type":"redacted_thinking","data":"x"},{"type":"text","text":"Let me look."},{"type":"tool_use","id":"toolu_1","name":"look","input":{"at":"it","n":1.0}}]},
          {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"a cat"},{"type":"image","source":{"type":"base64","media_type":"image/gif","data":"BB=="}},{"type":"text","text":"on a mat"}]},
            {"type":"tool_result","tool_use_id":"toolu_2","content":"gone","is_error":true},
            {"type":"tool_result","tool_use_id":"toolu_3"},
            {"type":"text","text":"And now?"}]},
          {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"EqQB"}]},
          {"role":"system","content":"Hurry."}]}
        """);

    [Fact]
    public void Documents_are_told_as_text_or_go_as_files() => AssertInOpenAi(
        """
        {"model":"","messages":[{"role":"user","content":[
          {"type":"text","text":"Title\nContext\nwords"},{"type":"text","text":"part"},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}},
          {"type":"file","file":{"filename":"document.pdf","file_data":"data:application/pdf;base64,BB=="}},{"type":"text","text":"Found\nhttps://e.org\nhere\nthere"}]}],"max_completion_tokens":1}
        """,
        """
        {"model":"m","max_tokens":1,"messages":[{"role":"user","content":[
          {"type":"document","title":"Title","context":"Context","source":{"type":"text","media_type":"text/plain","data":"words"}},
          {"type":"document","source":{"type":"content","content":[{"type":"text","text":"part"}]}},
          {"type":"document","title":"a.pdf","source":{"type":"base64","media_type":"application/pdf","data":"AA=="}},
          {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BB=="}},
          {"type":"search_result","title":"Found","source":"https://e.org","content":[{"type":"text","text":"here"},{"type":"text","text":"there"}]}]}]}
        """);

    [Theory]
    [InlineData("""{"type":"auto"}""", "auto", null)]
    [InlineData("""{"type":"any"}""", "required", null)]
    [InlineData("""{"type":"none"}""", "none", null)]
    [InlineData("""{"type":"auto","disable_parallel_tool_use":true}""", "auto", false)]
    public void The_choice_of_tools_is_translated(string choice, string expected, bool? parallel)
    {
        var body = InOpenAi($$$"""{"model":"m","max_tokens":1,"messages":[],"tools":[{"name":"f","input_schema":{}}],"tool_choice":{{{choice}}}}""");
        Assert.Equal((expected, parallel), ((string?)body["tool_choice"], (bool?)body["parallel_tool_calls"]));
    }

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}", "low")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}", "medium")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":20000}", "high")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},\"output_config\":{\"effort\":\"max\"}", "max")]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", null)]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", null)]
    [InlineData("\"thinking\":null", null)]
    public void Thinking_is_an_effort(string members, string? expected) =>
        Assert.Equal(expected, TestMessages.Read($$$"""{"model":"m","max_tokens":1,"messages":[],{{{members}}}}""").ReasoningEffort);

    [Theory]
    [InlineData("\"max_tokens\":0", "max_tokens")]
    [InlineData("\"max_tokens\":null", "max_tokens")]
    [InlineData("\"max_tokens\":1,\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]", "tools[0].type")]
    [InlineData("\"max_tokens\":1,\"tools\":[{\"input_schema\":{}}]", "tools[0].name")]
    [InlineData("\"max_tokens\":1,\"tools\":[{\"name\":\"f\",\"input_schema\":[]}]", "tools[0].input_schema")]
    [InlineData("\"max_tokens\":1,\"tool_choice\":{\"type\":\"x\"}", "tool_choice.type")]
    [InlineData("\"max_tokens\":1,\"stop_sequences\":[1]", "stop_sequences[0]")]
    [InlineData("\"max_tokens\":1,\"thinking\":\"x\"", "thinking")]
    [InlineData("\"max_tokens\":1,\"output_config\":{\"format\":{\"type\":\"x\"}}", "output_config.format.type")]
    [InlineData("\"max_tokens\":1,\"system\":[{\"type\":\"image\"}]", "system[0].type")]
    public void What_has_no_equivalent_is_refused_by_its_member(string members, string param) =>
        Assert.Equal(param, Assert.Throws<UntranslatableException>(() => TestMessages.Read($$$"""{"model":"m","messages":[],{{{members}}}}""")).Param);

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}""", "messages[0].content[0].source.type")]
    [InlineData("""{"role":"user","content":[{"type":"image"}]}""", "messages[0].content[0].source")]
    [InlineData("""{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://e.org"}}]}""", "messages[0].content[0].source.type")]
    [InlineData("""{"role":"user","content":[{"type":"container_upload","file_id":"f"}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"user","content":[{"type":"tool_result"}]}""", "messages[0].content[0].tool_use_id")]
    [InlineData("""{"role":"user","content":[{"text":"t"}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"user"}""", "messages[0].content")]
    [InlineData("""{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"tool","content":"x"}""", "messages[0].role")]
    public void A_block_that_only_claude_reads_is_refused_by_its_place(string message, string param) =>
        Assert.Equal(param, Assert.Throws<UntranslatableException>(() => TestMessages.Read($$$"""{"model":"m","max_tokens":1,"messages":[{{{message}}}]}""")).Param);

    [Fact]
    public void Arguments_of_a_tool_that_are_no_text_are_refused_by_their_place()
    {
        var body = Encoding.Latin1.GetBytes("""{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{"a":"é"}}]}]}""");

        var refused = Assert.Throws<UntranslatableException>(() => MessagesReader.Read(body));

        Assert.Equal(("messages[0].content[0].input", "is not valid text."), (refused.Param, refused.Message));
    }

    private static JsonNode InOpenAi(string body) => JsonNode.Parse(OpenAiChatRequest.Write(TestMessages.Read(body)))!;

    private static void AssertInOpenAi(string expected, string body) => Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), InOpenAi(body).ToJsonString());
}
