using System.Text;
using System.Text.Json.Nodes;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Tests.Anthropic;

/// <summary>What Anthropic is asked for, given what the client asked for in OpenAI's words.</summary>
public sealed class AnthropicRequestTests
{
    private const string Hi = """ "messages":[{"role":"user","content":"hi"}] """;
    private const string HiTurn = """ "messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}] """;
    private const string Tool = """ "tools":[{"type":"function","function":{"name":"f"}}] """;
    private const string ToolAsked = """ "tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}] """;

    [Theory]
    [InlineData("""[{"role":"user","content":"hi"}]""", """[{"role":"user","content":[{"type":"text","text":"hi"}]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":""},{"type":"text","text":" \n"},{"type":"text","text":"b"}]}]""",
        """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":""}]""", """[{"role":"user","content":[{"type":"text","text":"..."}]}]""")]
    [InlineData("""[]""", """[{"role":"user","content":[{"type":"text","text":"..."}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"user","content":"b"}]""", """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"assistant","content":"a "},{"role":"user","content":"b"}]""",
        """[{"role":"user","content":[{"type":"text","text":"..."}]},{"role":"assistant","content":[{"type":"text","text":"a "}]},{"role":"user","content":[{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":null},{"role":"user","content":"b"}]""",
        """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"text","text":"So: \n"},{"type":"text","text":" "}]}]""",
        """[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":[{"type":"text","text":"So:"}]}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":null,"refusal":"No."},{"role":"user","content":"b"}]""",
        """[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":[{"type":"text","text":"No."}]},{"role":"user","content":[{"type":"text","text":"b"}]}]""")]
    public void Messages_become_turns(string messages, string turns) => AssertAsked($"\"messages\":{messages}", $"\"messages\":{turns}");

    [Fact]
    public void Instructions_stand_apart_in_their_order() => AssertAsked(
        """ "messages":[{"role":"system","content":"one"},{"role":"user","content":"hi"},{"role":"developer","content":[{"type":"text","text":"two"},{"type":"text","text":" "}]}] """,
        $$""" "system":[{"type":"text","text":"one"},{"type":"text","text":"two"}],{{HiTurn}} """);

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO+/==","detail":"low"}}""", """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO+/=="}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"DATA:image/JPG;charset=x;base64,AA"}}""", """{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AA"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.org/a.png?b=1&c=2"}}""", """{"type":"image","source":{"type":"url","url":"https://example.org/a.png?b=1&c=2"}}""")]
    [InlineData("""{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}}""",
        """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"},"title":"a.pdf"}""")]
    public void Images_and_documents_become_blocks(string part, string block) =>
        AssertAsked($$""" "messages":[{"role":"user","content":[{{part}}]}] """, $$""" "messages":[{"role":"user","content":[{{block}}]}] """);

    [Fact]
    public void Results_of_tools_come_first_in_one_turn_of_the_user() => AssertAsked(
        """
        "messages":[
          {"role":"user","content":"weather?"},
          {"role":"assistant","content":"Let me see.","tool_calls":[
            {"id":"call_1","type":"function","function":{"name":"w","arguments":"{\"city\":\"Xi'an\"}"}},
            {"id":"call_2","type":"function","function":{"name":"w","arguments":""}}]},
          {"role":"tool","tool_call_id":"call_1","content":"21"},
          {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"2"},{"type":"text","text":"3"}]},
          {"role":"user","content":"and?"}]
        """,
        """
        "messages":[
          {"role":"user","content":[{"type":"text","text":"weather?"}]},
          {"role":"assistant","content":[{"type":"text","text":"Let me see."},
            {"type":"tool_use","id":"call_1","name":"w","input":{"city":"Xi'an"}},{"type":"tool_use","id":"call_2","name":"w","input":{}}]},
          {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"call_1","content":"21"},{"type":"tool_result","tool_use_id":"call_2","content":"2\n3"},{"type":"text","text":"and?"}]}]
        """);

    [Fact]
    public void The_old_functions_become_tools_with_an_id_for_each_call() => AssertAsked(
        """
        "messages":[
          {"role":"user","content":"x"},
          {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"1"},
          {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":null}],
        "functions":[{"name":"f","description":"d","parameters":{"type":"object"}}],"function_call":{"name":"f"}
        """,
        """
        "messages":[
          {"role":"user","content":[{"type":"text","text":"x"}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"call_f","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_f","content":"1"}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"call_f_2","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_f_2"}]}],
        "tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"f"}
        """);

    [Fact]
    public void Ids_of_other_providers_are_made_to_fit() => AssertAsked(
        """
        "messages":[{"role":"user","content":"x"},
          {"role":"assistant","tool_calls":[{"id":"f:0","function":{"name":"f","arguments":"{}"}},{"id":"f.0","function":{"name":"f","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"f.0","content":"b"},{"role":"tool","tool_call_id":"f:0","content":"a"}]
        """,
        """
        "messages":[{"role":"user","content":[{"type":"text","text":"x"}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"f_0","name":"f","input":{}},{"type":"tool_use","id":"f_0_2","name":"f","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"f_0_2","content":"b"},{"type":"tool_result","tool_use_id":"f_0","content":"a"}]}]
        """);

    [Theory]
    [InlineData("""{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}},"strict":true}""",
        """{"name":"f","description":"d","input_schema":{"type":"object","properties":{"a":{"type":"string"}}},"strict":true}""")]
    [InlineData("""{"name":"f","parameters":{}}""", """{"name":"f","input_schema":{"type":"object","properties":{}}}""")]
    [InlineData("""{"name":"f","parameters":{"properties":{"a":{}},"required":["a"]}}""", """{"name":"f","input_schema":{"type":"object","properties":{"a":{}},"required":["a"]}}""")]
    public void Tools_have_a_schema_of_an_object(string function, string tool) =>
        AssertAsked($$"""{{Hi}},"tools":[{"type":"function","function":{{function}}}]""", $$"""{{HiTurn}},"tools":[{{tool}}]""");

    [Theory]
    [InlineData("\"tool_choice\":\"auto\"", """{"type":"auto"}""")]
    [InlineData("\"tool_choice\":\"none\",\"parallel_tool_calls\":false", """{"type":"none"}""")]
    [InlineData("\"tool_choice\":\"required\",\"parallel_tool_calls\":false", """{"type":"any","disable_parallel_tool_use":true}""")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", """{"type":"tool","name":"f"}""")]
    [InlineData("\"parallel_tool_calls\":false", """{"type":"auto","disable_parallel_tool_use":true}""")]
    public void The_choice_of_tools_is_kept(string asked, string choice) => AssertAsked($"{Hi},{Tool},{asked}", $"{HiTurn},{ToolAsked},\"tool_choice\":{choice}");

    [Theory]
    [InlineData("\"parallel_tool_calls\":true")]
    [InlineData("\"parallel_tool_calls\":null,\"tool_choice\":null")]
    public void Nothing_is_said_of_tools_where_nothing_was(string asked) => AssertAsked($"{Hi},{Tool},{asked}", $"{HiTurn},{ToolAsked}");

    [Fact]
    public void Without_tools_there_is_no_choice_of_them() => AssertAsked($"{Hi},\"tool_choice\":\"none\",\"parallel_tool_calls\":false", HiTurn);

    [Theory]
    [InlineData("\"stop\":\"END\"", "\"stop_sequences\":[\"END\"]")]
    [InlineData("\"stop\":[\"a\",\"\\n\",\"\",\"b\"]", "\"stop_sequences\":[\"a\",\"b\"]")]
    [InlineData("\"stream\":true", "\"stream\":true")]
    [InlineData("\"service_tier\":\"auto\"", "\"service_tier\":\"auto\"")]
    [InlineData("\"service_tier\":\"default\"", "\"service_tier\":\"standard_only\"")]
    [InlineData("\"top_k\":5", "\"top_k\":5")]
    [InlineData("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000, \"x\":[1.0]}", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000,\"x\":[1.0]}")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,\"schema\":{\"type\":\"object\"}}}",
        "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "\"system\":[{\"type\":\"text\",\"text\":\"Answer with one valid JSON object and with nothing else.\"}]")]
    [InlineData("\"user\":\"u-1\"", "\"metadata\":{\"user_id\":\"5ce8d940a93c81ec40507fb1948538edff1894d1bce2a4a6a4955d91fd01bd65\"}")]
    [InlineData("\"safety_identifier\":\"u-1\",\"user\":\"other\"", "\"metadata\":{\"user_id\":\"5ce8d940a93c81ec40507fb1948538edff1894d1bce2a4a6a4955d91fd01bd65\"}")]
    public void Other_members_have_their_counterparts(string asked, string expected) => AssertAsked($"{Hi},{asked}", $"{HiTurn},{expected}");

    [Theory]
    [InlineData("\"seed\":1")]
    [InlineData("\"logit_bias\":{\"1\":2}")]
    [InlineData("\"frequency_penalty\":1,\"presence_penalty\":1")]
    [InlineData("\"prediction\":{\"type\":\"content\",\"content\":\"x\"},\"store\":true,\"verbosity\":\"low\",\"modalities\":[\"text\"],\"metadata\":{\"a\":\"b\"}")]
    [InlineData("\"service_tier\":\"flex\",\"logprobs\":false,\"n\":1,\"x_unknown\":{}")]
    [InlineData("\"response_format\":{\"type\":\"text\"},\"stop\":null,\"user\":\"\"")]
    [InlineData("\"stream\":false,\"stream_options\":null")]
    public void What_has_no_counterpart_is_dropped(string asked) => AssertAsked($"{Hi},{asked}", HiTurn);

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"thinking\":true", "thinking")]
    [InlineData("\"thinking\":{\"type\":1}", "thinking.type")]
    [InlineData("\"top_k\":\"5\"", "top_k")]
    [InlineData("\"reasoning_effort\":\"huge\"", "reasoning_effort")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA\",\"format\":\"wav\"}}]}]", "messages[0].content[0]")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/svg+xml;base64,AA\"}}]}]", "messages[0].content[0].image_url.url")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png,AA\"}}]}]", "messages[0].content[0].image_url.url")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/passwd\"}}]}]", "messages[0].content[0].image_url.url")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/csv;base64,AA\"}}]}]", "messages[0].content[0].file.file_data")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]}]", "messages[0].content[0].file.file_data")]
    [InlineData("\"messages\":[{\"role\":\"system\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a/b\"}}]}]", "messages[0].content[0]")]
    [InlineData("\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a/b\"}}]}]", "messages[0].content[0]")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\"}}]}]", "messages[1].tool_calls[0].function.arguments")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"[]\"}}]}]", "messages[1].tool_calls[0].function.arguments")]
    public void What_cannot_be_asked_is_refused_by_its_name(string asked, string param)
    {
        var body = asked.StartsWith("\"messages\"", StringComparison.Ordinal) ? asked : $"{Hi},{asked}";

        var refused = Assert.Throws<UntranslatableException>(() => Translate(body));

        Assert.Equal(param, refused.Param);
    }

    private static void AssertAsked(string asked, string expected)
    {
        var actual = Translate(asked);
        Assert.Equal((AnthropicModels.Sonnet45, 64_000), ((string?)actual["model"], (int?)actual["max_tokens"]));
        actual.Remove("model");
        actual.Remove("max_tokens");
        Assert.Equal(JsonNode.Parse($"{{{expected}}}")!.ToJsonString(), Sorted(actual, expected).ToJsonString());
    }

    /// <summary>The order of members says nothing: those at the top are put in the expected one.</summary>
    private static JsonObject Sorted(JsonObject actual, string expected)
    {
        var order = JsonNode.Parse($"{{{expected}}}")!.AsObject().Select(member => member.Key).ToList();
        return new JsonObject(actual.OrderBy(member => order.IndexOf(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
    }

    private static JsonObject Translate(string members) => AnthropicModels.Translate(AnthropicModels.Sonnet45, members);
}

/// <summary>Translates for a model as the adapter would.</summary>
internal static class AnthropicModels
{
    public const string Sonnet45 = "claude-sonnet-4-5-20250929";

    public static JsonObject Translate(string model, string members, params AnthropicModel[] configured)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"model\":\"m\",{members}}}");
        var written = MessagesRequest.Write(ChatRequestReader.Read(body), model, new KnownModels(configured).Find(model), body.Length);
        return JsonNode.Parse(written.Span)!.AsObject();
    }
}
