using System.Text;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Tests.Dialects;

public sealed class BodyRuleTests
{
    private const string Model = "\"model\":\"m\"";
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private const string Value = "invalid_value";
    private const string Missing = "missing_required_parameter";
    private const string Syntax = "invalid_json";
    private const string AnyInteger = "must be an integer from 1 to 2147483647";
    private const string Surrogate = "must not contain half of a surrogate pair";
    private const string Nul = "must not contain the NUL character";

    /// <summary>What follows model and messages in the body, the field at fault, the code, and the rule that the message tells.</summary>
    public static TheoryData<string, string?, string, string> FieldFaults => new()
    {
        { "\"max_tokens\":0", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":-1", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":1.5", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":1.0", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":1e2", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":1e99", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":2147483648", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":9223372036854775808", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":\"7\"", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":true", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":[7]", "max_tokens", Value, AnyInteger },
        { "\"max_tokens\":{}", "max_tokens", Value, AnyInteger },
        { "\"max_completion_tokens\":0", "max_completion_tokens", Value, AnyInteger },
        { "\"max_completion_tokens\":2147483648", "max_completion_tokens", Value, AnyInteger },
        { "\"max_tokens\":5,\"max_completion_tokens\":5", "max_tokens", Value, "cannot be sent together with 'max_completion_tokens'; send one of them" },
        { "\"n\":0", "n", Value, "must be an integer from 1 to 128" },
        { "\"n\":129", "n", Value, "must be an integer from 1 to 128" },
        { "\"n\":\"1\"", "n", Value, "must be an integer from 1 to 128" },
        { "\"n\":2.5", "n", Value, "must be an integer from 1 to 128" },
        { "\"n\":2,\"max_tokens\":2000000000", "max_tokens", Value, "times 'n' must not exceed 2147483647 tokens" },
        { "\"n\":128,\"max_completion_tokens\":2147483647", "max_completion_tokens", Value, "times 'n' must not exceed 2147483647 tokens" },
        { "\"stream\":1", "stream", Value, "must be true or false" },
        { "\"stream\":\"true\"", "stream", Value, "must be true or false" },
        { "\"stream_options\":{}", "stream_options", Value, "is only allowed when 'stream' is true" },
        { "\"stream\":false,\"stream_options\":{\"include_usage\":true}", "stream_options", Value, "is only allowed when 'stream' is true" },
        { "\"stream\":true,\"stream_options\":[]", "stream_options", Value, "must be an object" },
        { "\"stream\":true,\"stream_options\":{\"include_usage\":1}", "stream_options.include_usage", Value, "must be true or false" },
        { "\"tools\":{}", "tools", Value, "must be an array" },
        { "\"tools\":[\"f\"]", "tools[0]", Value, "must be an object" },
        { "\"tools\":[null]", "tools[0]", Value, "must be an object" },
        { "\"functions\":7", "functions", Value, "must be an array" },
        { "\"max_tokens\":1,\"max_tokens\":2", "max_tokens", Value, "appears more than once" },
        { "\"model\":\"n\"", "model", Value, "appears more than once" },
        { "\"messages\":[]", "messages", Value, "appears more than once" },
        { "\"future\":1,\"future\":1", "future", Value, "appears more than once" },
        { "\"max\\u005ftokens\":1,\"max_tokens\":2", "max_tokens", Value, "appears more than once" },
        { "\"metadata\":{\"a\":1,\"a\":2}", "metadata.a", Value, "appears more than once" },
        { "\"tools\":[{\"function\":{\"parameters\":{\"x\":{},\"x\":{}}}}]", "tools[0].function.parameters.x", Value, "appears more than once" },
        { "\"stop\":[{},{\"a\":[{\"b\":1,\"b\":2}]}]", "stop[1].a[0].b", Value, "appears more than once" },
        { "\"MAX_TOKENS\":1", "MAX_TOKENS", Value, "differs from 'max_tokens' only in case; send 'max_tokens'" },
        { "\"Messages\":[]", "Messages", Value, "differs from 'messages' only in case; send 'messages'" },
        { "\"Stream\":true", "Stream", Value, "differs from 'stream' only in case; send 'stream'" },
        { "\"N\":2", "N", Value, "differs from 'n' only in case; send 'n'" },
        { "\"user\":\"a\\u0000\"", "user", Value, Nul },
        { "\"metadata\":{\"k\":[\"\\u0000\"]}", "metadata.k[0]", Value, Nul },
        { "\"user\":\"\\ud800\"", "user", Value, Surrogate },
        { "\"user\":\"\\udc00\"", "user", Value, Surrogate },
        { "\"user\":\"\\ud83dx\"", "user", Value, Surrogate },
        { "\"user\":\"\\ud83d\\n\"", "user", Value, Surrogate },
        { "\"user\":\"\\ud83d\\ud83d\"", "user", Value, Surrogate },
        { "\"user\":\"\\\\\\ud800\"", "user", Value, Surrogate },
    };

    /// <summary>The messages, the field at fault, the code, and the rule.</summary>
    public static TheoryData<string, string, string, string> MessageFaults => new()
    {
        { "null", "messages", Missing, "" },
        { "[]", "messages", Value, "must have at least one message" },
        { "{}", "messages", Value, "must be an array" },
        { "\"hi\"", "messages", Value, "must be an array" },
        { "[7]", "messages[0]", Value, "must be an object with a role and content" },
        { "[null]", "messages[0]", Value, "must be an object with a role and content" },
        { "[{}]", "messages[0].role", Missing, "is required: one of assistant, developer, function, system, tool, user" },
        { "[{\"role\":null,\"content\":\"x\"}]", "messages[0].role", Missing, "is required: one of assistant, developer, function, system, tool, user" },
        { "[{\"role\":\"robot\",\"content\":\"x\"}]", "messages[0].role", Value, "must be one of assistant, developer, function, system, tool, user" },
        { "[{\"role\":1,\"content\":\"x\"}]", "messages[0].role", Value, "must be a string" },
        { "[{\"role\":\"user\"}]", "messages[0].content", Missing, "is required: a string or an array of content parts" },
        { "[{\"role\":\"system\",\"content\":null}]", "messages[0].content", Missing, "is required: a string or an array of content parts" },
        { "[{\"role\":\"user\",\"content\":7}]", "messages[0].content", Value, "must be a string or an array of content parts" },
        { "[{\"role\":\"user\",\"content\":{}}]", "messages[0].content", Value, "must be a string or an array of content parts" },
        { "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":[7]}]", "messages[1].content[0]", Value, "must be an object with a type" },
        { "[{\"role\":\"user\",\"content\":[{}]}]", "messages[0].content[0].type", Missing, "is required: text, image_url, input_audio, file or refusal" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]", "messages[0].content[0].text", Missing, "is required: a string" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":[]}]}]", "messages[0].content[0].text", Value, "must be a string" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "messages[0].content[0].image_url", Missing, "is required: an object with a url" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":\"u\"}]}]", "messages[0].content[0].image_url", Value, "must be an object" },
        { "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]", "messages[0].content[0].image_url.url", Missing, "is required: an https or data URL" },
        { "[{\"role\":\"user\",\"content\":\"a\",\"content\":\"b\"}]", "messages[0].content", Value, "appears more than once" },
        { "[{\"role\":\"user\",\"content\":\"\\u0000\"}]", "messages[0].content", Value, Nul },
        { "[{\"role\":\"assistant\",\"tool_calls\":{}}]", "messages[0].tool_calls", Value, "must be an array" },
        { "[{\"role\":\"tool\",\"content\":\"a\",\"tool_call_id\":7}]", "messages[0].tool_call_id", Value, "must be a string" },
    };

    /// <summary>Whole bodies, the field at fault, the code, and the whole message.</summary>
    public static TheoryData<string, string?, string, string> BodyFaults => new()
    {
        { "", null, Syntax, "The request body is empty; send a JSON object with model and messages." },
        { " ", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 2." },
        { "{", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 2." },
        { "{\"model\":", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 10." },
        { "{\"model\":\"m\",}", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 14." },
        { "{\n'model':1}", null, Syntax, "The request body is not valid JSON: something is wrong at line 2, byte 1." },
        { $"{{{Model},{Messages}}} x", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 59." },
        { $"{{{Model},{Messages}}}{{}}", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 58." },
        { "\ufeff{}", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 1." },
        { "{\"a\":NaN}", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 6." },
        { "{\"a\":01}", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 7." },
        { "{\"a\":\"\u0001\"}", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 7." },
        { "{/*c*/}", null, Syntax, "The request body is not valid JSON: something is wrong at line 1, byte 2." },
        { "null", null, Value, "The request body must be a JSON object." },
        { "[]", null, Value, "The request body must be an object." },
        { "\"x\"", null, Value, "The request body must be an object." },
        { "{}", "model", Missing, "Missing 'model': the name of a model is required." },
        { $"{{\"model\":null,{Messages}}}", "model", Missing, "Missing 'model': the name of a model is required." },
        { $"{{\"model\":7,{Messages}}}", "model", Value, "Invalid 'model': must be a string." },
        { $"{{\"model\":\"\",{Messages}}}", "model", Value, "Invalid 'model': must be the name of a model, 1 to 200 characters." },
        { $"{{\"model\":\"{new string('m', 201)}\",{Messages}}}", "model", Value, "Invalid 'model': must be the name of a model, 1 to 200 characters." },
        { $"{{\"model\":\"a\\u202eb\",{Messages}}}", "model", Value, "Invalid 'model': must be the name of a model, without control or invisible characters." },
        { $"{{\"model\":\"a\\nb\",{Messages}}}", "model", Value, "Invalid 'model': must be the name of a model, without control or invisible characters." },
        { $"{{\"model\":\"a\\u200bb\",{Messages}}}", "model", Value, "Invalid 'model': must be the name of a model, without control or invisible characters." },
        { $"{{{Model}}}", "messages", Missing, "Missing 'messages': an array of messages is required." },
    };

    [Theory]
    [MemberData(nameof(FieldFaults))]
    public void A_faulty_field_is_named_with_its_path(string fields, string? param, string code, string rule) =>
        AssertRefused($"{{{Model},{Messages},{fields}}}", new(param, code, $"Invalid '{param}': {rule}."));

    [Theory]
    [MemberData(nameof(MessageFaults))]
    public void A_faulty_message_is_named_with_its_path(string messages, string param, string code, string rule) => AssertRefused(
        $"{{{Model},\"messages\":{messages}}}",
        new(param, code, messages == "null" ? "Missing 'messages': an array of messages is required." : $"Invalid '{param}': {rule}."));

    [Theory]
    [MemberData(nameof(BodyFaults))]
    public void A_faulty_body_is_refused_whole(string body, string? param, string code, string message) => AssertRefused(body, new(param, code, message));

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused_wherever_they_stand()
    {
        foreach (var bad in new byte[][] { [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xFF], [0xC0, 0xAF], [0xF5, 0x80, 0x80, 0x80] })
        {
            byte[] body = [.. "{\"model\":\"m\",\"future\":{\""u8, .. bad, .. "\":1}}"u8];
            Assert.False(new ChatBody().TryRead(body, out _, out var refusal));
            Assert.Equal(new BodyRefusal(null, Syntax, "The request body is not valid UTF-8."), refusal);
        }
    }

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(100_000, false)]
    public void Nesting_is_allowed_to_64_levels(int arrays, bool isAllowed)
    {
        var body = Encoding.UTF8.GetBytes($"{{{Model},{Messages},\"future\":{new string('[', arrays)}{new string(']', arrays)}}}");
        Assert.Equal(isAllowed, new ChatBody().TryRead(body, out _, out var refusal));
        if (!isAllowed)
            Assert.Equal(new BodyRefusal("future" + string.Concat(Enumerable.Repeat("[0]", 63)), Value, $"Invalid 'future{string.Concat(Enumerable.Repeat("[0]", 63))}': is nested deeper than 64 levels."), refusal);
    }

    private static void AssertRefused(string body, BodyRefusal expected)
    {
        Assert.False(new ChatBody().TryRead(Encoding.UTF8.GetBytes(body), out var request, out var refusal));
        Assert.Equal((null, expected), (request, refusal));
    }
}
