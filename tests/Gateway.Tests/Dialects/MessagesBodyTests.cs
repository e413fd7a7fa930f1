using System.Text;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.Anthropic;
using Aigc2d.ServiceDefaults.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Gateway.Tests.Dialects;

/// <summary>What the edge reads of a body of Anthropic's messages, and what it refuses.</summary>
public sealed class MessagesBodyTests
{
    private const string Value = "invalid_value";
    private const string Missing = "missing_required_parameter";
    private const string AnyInteger = "must be an integer from 0 to 2147483647";
    private const string Roles = "one of assistant, system, user";

    /// <summary>What follows model, max_tokens and messages in the body, the field at fault, the code, and the rule that the message tells.</summary>
    public static TheoryData<string, string, string> FieldFaults => new()
    {
        { "\"stream\":1", "stream", "must be true or false" },
        { "\"system\":7", "system", "must be a string or an array of content blocks" },
        { "\"system\":[{}]", "system[0].type", "is required: text, image, document, tool_use, tool_result, thinking or another kind of block" },
        { "\"system\":[{\"type\":\"text\"}]", "system[0].text", "is required: a string" },
        { "\"tools\":{}", "tools", "must be an array" },
        { "\"tools\":[7]", "tools[0]", "must be an object" },
        { "\"output_config\":7", "output_config", "must be an object" },
        { "\"stop_sequences\":\"a\"", "stop_sequences", "must be an array" },
        { "\"metadata\":[]", "metadata", "must be an object" },
        { "\"metadata\":{\"user_id\":7}", "metadata.user_id", "must be a string" },
        { "\"Max_Tokens\":9", "Max_Tokens", "differs from 'max_tokens' only in case; send 'max_tokens'" },
        { "\"SYSTEM\":\"x\"", "SYSTEM", "differs from 'system' only in case; send 'system'" },
        { "\"max_tokens\":9", "max_tokens", "appears more than once" },
    };

    /// <summary>The messages, the field at fault, the code, and the rule.</summary>
    public static TheoryData<string, string, string, string> MessageFaults => new()
    {
        { "[]", "messages", Value, "must have at least one message" },
        { "{}", "messages", Value, "must be an array" },
        { "[7]", "messages[0]", Value, "must be an object with a role and content" },
        { "[{\"content\":\"x\"}]", "messages[0].role", Missing, $"is required: {Roles}" },
        { "[{\"role\":\"tool\",\"content\":\"x\"}]", "messages[0].role", Value, $"must be {Roles}" },
        { "[{\"role\":\"assistant\"}]", "messages[0].content", Missing, "is required: a string or an array of content blocks" },
        { "[{\"role\":\"user\",\"content\":{}}]", "messages[0].content", Value, "must be a string or an array of content blocks" },
        { "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":[7]}]", "messages[1].content[0]", Value, "must be an object with a type" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":null}]}]", "messages[0].content[0].text", Missing, "is required: a string" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}]", "messages[0].content[0].source", Missing, "is required: an object with a type" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{}}]}]", "messages[0].content[0].source.type", Missing, "is required: base64, url, text, content or file" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":7}]}]", "messages[0].content[0].source", Value, "must be an object" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\"}]}]", "messages[0].content[0].tool_use_id", Missing, "is required: the id of the tool_use block that it answers" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c\",\"content\":[7]}]}]", "messages[0].content[0].content[0]", Value, "must be an object with a type" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c\",\"is_error\":1}]}]", "messages[0].content[0].is_error", Value, "must be true or false" },
    };

    [Theory]
    [MemberData(nameof(FieldFaults))]
    public void A_faulty_field_is_named_with_its_path(string fields, string param, string rule) =>
        AssertRefused($$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}],{{fields}}}""", param, rule.StartsWith("is required", StringComparison.Ordinal) ? Missing : Value, rule);

    [Theory]
    [MemberData(nameof(MessageFaults))]
    public void A_faulty_message_is_named_with_its_path(string messages, string param, string code, string rule) =>
        AssertRefused($$"""{"model":"m","max_tokens":1,"messages":{{messages}}}""", param, code, rule);

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"7\"")]
    [InlineData("2147483648")]
    public void A_limit_is_a_whole_number_from_0(string limit) => AssertRefused($$"""{"model":"m","max_tokens":{{limit}},"messages":[{"role":"user","content":"hi"}]}""", "max_tokens", Value, AnyInteger);

    [Theory]
    [InlineData("", "The request body is empty; send a JSON object with model, max_tokens and messages.")]
    [InlineData("{}", "Missing 'model': the name of a model is required.")]
    [InlineData("""{"model":"m","max_tokens":1}""", "Missing 'messages': an array of messages is required.")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""", "Missing 'max_tokens': the most tokens that the answer may have is required.")]
    [InlineData("""{"model":"m","max_tokens":null,"messages":[{"role":"user","content":"hi"}]}""", "Missing 'max_tokens': the most tokens that the answer may have is required.")]
    public void What_is_missing_is_named(string body, string message)
    {
        Assert.False(new MessagesBody().TryRead(Encoding.UTF8.GetBytes(body), out _, out var refusal));
        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public void Every_field_that_admission_needs_is_read_and_nothing_is_held_for_less_than_a_token()
    {
        var call = Read("""{"stream":true,"max_tokens":300,"messages":[{"role":"user","content":"hi"}],"model":"claude-haiku-4-5"}""");
        Assert.Equal(("claude-haiku-4-5", 300, 1, true), (call.Model, call.MaxOutputTokens, call.Choices, call.Stream));
        Assert.Equal(1, Read("""{"model":"m","max_tokens":0,"messages":[{"role":"user","content":"hi"}]}""").MaxOutputTokens);
    }

    [Fact]
    public void Texts_of_every_block_are_collected_and_decoded()
    {
        var call = Read("""
            {"model":"m","max_tokens":9,"system":[{"type":"text","text":"S\u0031","cache_control":{"type":"ephemeral"}}],"messages":[
              {"role":"user","content":"U1"},
              {"role":"assistant","content":[{"type":"thinking","thinking":"T1","signature":"c2ln"},{"type":"redacted_thinking","data":"ZGF0YQ=="},{"type":"text","text":"A1"},
                {"type":"tool_use","id":"c","name":"find","input":{"city":"A2","n":[1,"A3"]}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"R1"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
                {"type":"tool_result","tool_use_id":"d","content":"R2","is_error":true},
                {"type":"document","title":"D1","context":"D2","source":{"type":"text","media_type":"text/plain","data":"D3"}},
                {"type":"document","source":{"data":"D4","type":"text"}},
                {"type":"document","source":{"type":"content","content":[{"type":"text","text":"D5"}]}},
                {"type":"document","source":{"data":"AAAA","media_type":"application/pdf","type":"base64"}},
                {"type":"search_result","source":"Q1","title":"Q2","content":[{"type":"text","text":"Q3"}]},
                {"type":"new_kind","payload":{"says":"N1"}}]},
              {"role":"system","content":"S2"}],
             "tools":[{"name":"F1","description":"F2","input_schema":{"type":"object","properties":{"P1":{"type":"string","enum":["P2"]}}}}],
             "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"properties":{"O1":{}}}}},
             "future":{"prompt":"X1"},"metadata":{"user_id":"not read"},"stop_sequences":["not read"]}
            """);
        Assert.Equal(
            ["S1", "U1", "T1", "A1", "find", "city\nA2\nn\nA3", "R1", "R2", "D1", "D2", "D3", "D4", "D5", "Q1", "Q2", "Q3", "says\nN1", "S2", "F1\nF2\nP1\nP2", "O1", "prompt\nX1"],
            call.Texts);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"metadata\":null", null)]
    [InlineData(",\"metadata\":{\"user_id\":null}", null)]
    [InlineData(",\"metadata\":{\"user_id\":\"\"}", null)]
    [InlineData(",\"metadata\":{\"team\":{\"user_id\":\"no\"},\"user_id\":\"u\\u002d1\"}", "u-1")]
    [InlineData(",\"user\":\"u-2\"", null)]
    public void Who_the_end_user_is_stands_in_the_metadata(string fields, string? endUser) =>
        Assert.Equal(endUser, Read($$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]{{fields}}}""").EndUser);

    [Theory]
    [InlineData("""{"role":"user","content":"Hello, world!"}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"Hello, world!"},{"type":"image","source":{"type":"url","url":"https://e.org/a.png"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"document","title":"t","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"words of a tool"}]},{"role":"assistant","content":"ok"}""")]
    public void A_prompt_is_held_for_what_it_counts(string messages)
    {
        foreach (var model in new[] { "claude-haiku-4-5", "claude-sonnet-5", "gpt-4o" })
        {
            var body = Encoding.UTF8.GetBytes($$"""{"model":"{{model}}","max_tokens":1,"system":"Be brief.","messages":[{{messages}}]}""");
            Assert.True(new MessagesBody().TryRead(body, out var call, out _));
            Assert.Equal(MessagesPromptTokens.Count(body, null, model), call.InputTokens);
        }
    }

    [Fact]
    public void Every_body_is_either_read_or_refused_and_what_is_read_is_strict_json() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(Arb.From(BodyFuzz.MessagesBodies), body =>
        {
            var isRead = new MessagesBody().TryRead(body, out var request, out var refusal);
            return isRead ? refusal is null && BodyFuzz.IsStrictJson(body) && request!.MaxOutputTokens >= 1 : request is null && refusal!.Message.Length > 0;
        }));

    private static CallRequest Read(string body)
    {
        Assert.True(new MessagesBody().TryRead(Encoding.UTF8.GetBytes(body), out var request, out var refusal), refusal?.Message);
        return request;
    }

    private static void AssertRefused(string body, string param, string code, string rule)
    {
        Assert.False(new MessagesBody().TryRead(Encoding.UTF8.GetBytes(body), out var request, out var refusal));
        Assert.Equal((null, new BodyRefusal(param, code, $"Invalid '{param}': {rule}.")), (request, refusal));
    }
}
