using System.Text;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;

namespace Aigc2d.ProviderAdapters.Tests.Wenxin;

public sealed class WenxinRequestTests
{
    private const string Hello = """{"role":"user","content":"Hi"}""";

    [Fact]
    public void Every_member_that_has_a_counterpart_is_translated() => Assert.Equal(
        """{"messages":[{"role":"user","content":"介绍一下西安\nplease"}],"system":"你是导游\nBe brief.","temperature":0.7,"top_p":0.5,"penalty_score":1.75,"max_output_tokens":512,"stop":["end"],"response_format":"json_object","user_id":"u-81","disable_search":true,"stream":true}""",
        Written("""
            {"model":"m","messages":[{"role":"system","content":"你是导游"},{"role":"developer","content":[{"type":"text","text":"Be brief."}]},
             {"role":"user","name":"x","content":[{"type":"text","text":"介绍一下西安"},{"type":"text","text":"please"}]}],
             "temperature":0.7,"top_p":0.5,"presence_penalty":0.5,"frequency_penalty":1,"max_tokens":9,"max_completion_tokens":512,"stop":"end","user":"u-81",
             "response_format":{"type":"json_object"},"seed":7,"logit_bias":{"1":2},"n":1,"stream":true,"stream_options":{"include_usage":true}}
            """));

    [Theory]
    [InlineData("\"temperature\":0", "\"temperature\":0.01")]
    [InlineData("\"temperature\":2", "\"temperature\":1")]
    [InlineData("\"top_p\":1.5", "\"top_p\":1")]
    [InlineData("\"presence_penalty\":0", "")]
    [InlineData("\"presence_penalty\":-2", "\"penalty_score\":1")]
    [InlineData("\"frequency_penalty\":2", "\"penalty_score\":2")]
    [InlineData("\"frequency_penalty\":0.4", "\"penalty_score\":1.6")]
    [InlineData("\"penalty_score\":9,\"frequency_penalty\":1", "\"penalty_score\":2")]
    [InlineData("\"max_tokens\":1", "\"max_output_tokens\":2")]
    [InlineData("\"max_tokens\":100000", "\"max_output_tokens\":2048")]
    [InlineData("\"stop\":[\"a\",\"b\"]", "\"stop\":[\"a\",\"b\"]")]
    [InlineData("\"stop\":null", "")]
    [InlineData("\"response_format\":{\"type\":\"text\"}", "")]
    public void Numbers_are_brought_into_the_ranges_that_are_taken(string asked, string sent) => Assert.Equal(
        $$"""{"messages":[{"role":"user","content":"Hi"}],{{(sent.Length == 0 ? "" : sent + ",")}}"disable_search":true,"stream":false}""",
        Written($$"""{"model":"m","messages":[{{Hello}}],{{asked}}}"""));

    [Fact]
    public void Functions_are_offered_with_a_description_and_a_schema() => Assert.Equal(
        """{"messages":[{"role":"user","content":"Hi"}],"functions":[{"name":"f","description":"does f","parameters":{"type":"object","properties":{"a":{"type":"string"}}}},{"name":"g","description":"g","parameters":{"type":"object","properties":{}}},{"name":"h","description":"h","parameters":{"type":"object","additionalProperties":false,"properties":{}}}],"tool_choice":{"type":"function","function":{"name":"f"}},"disable_search":true,"stream":false}""",
        Written($$"""
            {"model":"m","messages":[{{Hello}}],"tool_choice":{"type":"function","function":{"name":"f"} },
             "tools":[{"type":"function","function":{"name":"f","description":"does f","parameters":{"type":"object","properties":{"a":{"type":"string"} } },"strict":true} },{"type":"function","function":{"name":"g","parameters":{} } },{"type":"function","function":{"name":"h","parameters":{"additionalProperties":false} } }]}
            """));

    [Theory]
    [InlineData("\"auto\"", true)]
    [InlineData("\"required\"", true)]
    [InlineData("\"none\"", false)]
    public void Whether_tools_are_called_is_the_models_choice_unless_there_are_none(string choice, bool offered) => Assert.Equal(
        offered,
        Written($$$$"""{"model":"m","messages":[{{{{Hello}}}}],"tool_choice":{{{{choice}}}},"tools":[{"type":"function","function":{"name":"f"}}]}""").Contains("\"functions\":", StringComparison.Ordinal));

    [Fact]
    public void A_schema_becomes_an_instruction() => Assert.Equal(
        """{"messages":[{"role":"user","content":"Hi"}],"system":"Answer with one JSON object and nothing else. It must match this JSON schema: {\"type\":\"object\"}","response_format":"json_object","disable_search":true,"stream":false}""",
        Written($$$$"""{"model":"m","messages":[{{{{Hello}}}}],"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"} } }}"""));

    [Fact]
    public void Own_members_of_the_family_pass() => Assert.Equal(
        """{"messages":[{"role":"user","content":"Hi"}],"disable_search":false,"enable_citation":true,"stream":false}""",
        Written($$"""{"model":"m","messages":[{{Hello}}],"disable_search":false,"enable_citation":true}"""));

    [Fact]
    public void Instructions_go_before_the_first_message_where_the_model_has_no_field_for_them() => Assert.Equal(
        """{"messages":[{"role":"user","content":"Be brief.\nHi"},{"role":"assistant","content":"x"},{"role":"user","content":"y"}],"stream":false}""",
        Written($$"""{"model":"m","messages":[{{Hello}},{"role":"assistant","content":"x"},{"role":"system","content":"Be brief."},{"role":"user","content":"y"}]}""", "yi_34b_chat"));

    [Theory]
    [InlineData("\"n\":2", "n", "invalid_value")]
    [InlineData("\"logprobs\":true", "logprobs", "invalid_value")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop", "invalid_value")]
    [InlineData("\"stop\":\"a text of more than twenty\"", "stop", "invalid_value")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x\"}}]}]", "messages[0].content[1]", "invalid_value")]
    [InlineData("\"disable_search\":\"yes\"", "disable_search", "invalid_value")]
    public void What_cannot_be_said_is_refused_with_a_way_out(string member, string param, string code)
    {
        var body = member.StartsWith("\"messages\"", StringComparison.Ordinal) ? $"{{{member}}}" : $$$"""{"messages":[{{{Hello}}}],{{{member}}}}""";
        var refused = Assert.Throws<UntranslatableException>(() => Written(body));
        Assert.Equal((param, code), (refused.Param, refused.Code));
        Assert.NotEmpty(refused.Message);
    }

    [Fact]
    public void Tools_are_refused_for_a_model_without_functions()
    {
        var body = $$$$"""{"messages":[{{{{Hello}}}}],"tools":[{"type":"function","function":{"name":"f"}}]}""";
        Assert.Equal("tools", Assert.Throws<UntranslatableException>(() => Written(body, "ernie-bot-turbo")).Param);
        Assert.Contains("\"functions\"", Written(body, "a-model-of-our-own"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ernie-bot", 20_000)]
    [InlineData("ernie-bot-turbo", 11_200)]
    [InlineData("llama_2_7b", 4_800)]
    public void A_conversation_that_is_too_long_is_refused_before_it_is_sent(string model, int most)
    {
        var half = new string('字', most / 2 - 1) + "🙂";
        string Body(string last) => $$"""{"messages":[{"role":"system","content":"{{half}}"},{"role":"user","content":"{{half}}{{last}}"}]}""";

        Written(Body(""), model);
        var refused = Assert.Throws<UntranslatableException>(() => Written(Body("!"), model));
        Assert.Equal(("messages", "context_length_exceeded"), (refused.Param, refused.Code));
    }

    [Theory]
    [InlineData("ernie-bot", "completions")]
    [InlineData("ERNIE-Bot-4", "completions_pro")]
    [InlineData("ERNIE-Bot-turbo", "eb-instant")]
    [InlineData("ERNIE-4.0-8K-Preview-0518", "completions_adv_pro")]
    [InlineData("ERNIE-Lite-8K-0308", "ernie-lite-8k")]
    [InlineData("ERNIE-Speed-8K", "ernie_speed")]
    [InlineData("completions_pro", "completions_pro")]
    [InlineData("My-Own-Model", "my-own-model")]
    [InlineData("ernie-bot@Text=A", "completions@Text=A")]
    public void A_model_is_asked_at_its_endpoint(string upstream, string endpoint) => Assert.Equal(endpoint, WenxinModels.Find(upstream).Endpoint);

    [Fact]
    public void A_schema_that_is_no_text_is_refused_by_its_place()
    {
        var body = Encoding.Latin1.GetBytes($$$$"""{"model":"m","messages":[{{{{Hello}}}}],"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"title":"é"} } }}""");

        var refused = Assert.Throws<UntranslatableException>(() => WenxinRequest.Write(ChatRequestReader.Read(body), WenxinModels.Find("ernie-bot")));

        Assert.Equal(("response_format.json_schema.schema", "is not valid text."), (refused.Param, refused.Message));
    }

    internal static string Written(string body, string upstream = "ernie-bot") =>
        Encoding.UTF8.GetString(WenxinRequest.Write(ChatRequestReader.Read(Encoding.UTF8.GetBytes(body)), WenxinModels.Find(upstream)).Span);
}
