using System.Text;
using System.Text.Json;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.Anthropic;

namespace Aigc2d.Gateway.Tests.Dialects;

/// <summary>Bodies of <c>POST /v1/complete</c>.</summary>
public sealed class CompleteBodyTests
{
    private const string Rest = "\"model\":\"claude-2\",\"max_tokens_to_sample\":9";
    private const string Turns = "must begin with a '\\n\\nHuman:' turn after an optional system text, and end with a '\\n\\nAssistant:' turn";

    /// <summary>The body, the field at fault, the code and the message.</summary>
    public static TheoryData<string, string, string, string> Faults => new()
    {
        { $"{{{Rest}}}", "prompt", "missing_required_parameter", "Missing 'prompt': a text of turns is required." },
        { $"{{{Rest},\"prompt\":null}}", "prompt", "missing_required_parameter", "Missing 'prompt': a text of turns is required." },
        { "{\"model\":\"claude-2\",\"prompt\":\"\\n\\nHuman: a\\n\\nAssistant:\"}", "max_tokens_to_sample", "missing_required_parameter", "Missing 'max_tokens_to_sample': a limit on the answer is required." },
        { "{\"model\":\"claude-2\",\"max_tokens_to_sample\":0}", "max_tokens_to_sample", "invalid_value", "Invalid 'max_tokens_to_sample': must be an integer from 1 to 2147483647." },
        { $"{{{Rest},\"prompt\":[\"a\"]}}", "prompt", "invalid_value", "Invalid 'prompt': must be a string." },
        { $"{{{Rest},\"stop_sequences\":\"x\"}}", "stop_sequences", "invalid_value", "Invalid 'stop_sequences': must be an array." },
        { $"{{{Rest},\"stop_sequences\":[7]}}", "stop_sequences[0]", "invalid_value", "Invalid 'stop_sequences[0]': must be a string." },
        { $"{{{Rest},\"stop_sequences\":[null]}}", "stop_sequences[0]", "invalid_value", "Invalid 'stop_sequences[0]': must be a string." },
        { $"{{{Rest},\"metadata\":\"u\"}}", "metadata", "invalid_value", "Invalid 'metadata': must be an object." },
        { $"{{{Rest},\"metadata\":{{\"user_id\":[]}}}}", "metadata.user_id", "invalid_value", "Invalid 'metadata.user_id': must be a string." },
        { $"{{{Rest},\"stream\":1}}", "stream", "invalid_value", "Invalid 'stream': must be true or false." },
        { $"{{{Rest},\"MAX_TOKENS_TO_SAMPLE\":1}}", "MAX_TOKENS_TO_SAMPLE", "invalid_value", "Invalid 'MAX_TOKENS_TO_SAMPLE': differs from 'max_tokens_to_sample' only in case; send 'max_tokens_to_sample'." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_field_is_named(string body, string param, string code, string message)
    {
        Assert.False(new CompleteBody().TryRead(Encoding.UTF8.GetBytes(body), out var call, out var refusal));
        Assert.Equal((null, new BodyRefusal(param, code, message)), (call, refusal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello")]
    [InlineData("Human: a\n\nAssistant:")]
    [InlineData("\n\nHuman: a")]
    [InlineData("\n\nAssistant:")]
    [InlineData("\n\nAssistant: a\n\nHuman: b\n\nAssistant:")]
    [InlineData("\n\nHuman: a\n\nAssistant: b\n\nHuman: c")]
    [InlineData("\n\nHuman: a\nAssistant:")]
    public void A_prompt_that_is_no_conversation_is_refused(string prompt)
    {
        Assert.False(new CompleteBody().TryRead(JsonSerializer.SerializeToUtf8Bytes(new { model = "claude-2", max_tokens_to_sample = 9, prompt }), out _, out var refusal));
        Assert.Equal(new BodyRefusal("prompt", "invalid_value", $"Invalid 'prompt': {Turns}."), refusal);
    }

    [Theory]
    [InlineData("\n\nHuman: a\n\nAssistant:")]
    [InlineData("Be brief.\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant:")]
    [InlineData("\n\nHuman: a\n\nHuman: b\n\nAssistant: Sure,")]
    [InlineData("\n\nHuman:\n\nAssistant:")]
    public void A_conversation_is_read_for_admission(string prompt)
    {
        Assert.True(new CompleteBody().TryRead(
            JsonSerializer.SerializeToUtf8Bytes(new { prompt, model = "claude-2", max_tokens_to_sample = 9, stream = true, stop_sequences = new[] { "x" }, metadata = new { user_id = "u-1" }, top_k = 5, future = "read too" }), out var call, out _));
        Assert.Equal(("claude-2", 9, 1, true, "prompt", "max_tokens_to_sample"), (call.Model, call.MaxOutputTokens, call.Choices, call.Stream, call.PromptField, call.LimitField));
        Assert.Equal([prompt, "read too"], call.Texts);
        Assert.Equal("u-1", call.EndUser);
        Assert.True(call.InputTokens > prompt.Length / 4);
    }
}
