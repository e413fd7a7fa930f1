using System.Text;
using System.Text.Json;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.Gateway.Tests.Dialects;

public sealed class EmbeddingsBodyTests
{
    private const string Small = "text-embedding-3-small";

    [Theory]
    [InlineData("\"Hello, world!\"", 4, "Hello, world!")]
    [InlineData("[\"Hello, world!\",\"one\"]", 5, "Hello, world!", "one")]
    [InlineData("[9906,11,1917,0]", 4, "Hello, world!")]
    [InlineData("[[9906,11,1917,0],[1917]]", 5, "Hello, world!", " world")]
    public void Every_input_is_screened_as_text_and_counts_as_the_model_counts(string input, int tokens, params string[] texts)
    {
        var call = Read($$"""{"model":"{{Small}}","input":{{input}},"encoding_format":"base64","dimensions":256,"user":"u","stream":false}""");

        Assert.Equal(texts, call.Texts);
        Assert.Equal(
            (Small, tokens, 0, 1, false, "input", null),
            (call.Model, call.InputTokens, call.MaxOutputTokens, call.Choices, call.Stream, call.PromptField, call.LimitField));
    }

    [Fact]
    public void The_model_may_come_last_and_texts_of_unknown_members_are_screened()
    {
        var call = Read($$"""{"input":[9906,11,1917,0],"future":{"hint":"a secret"},"model":"{{Small}}"}""");

        Assert.Equal(["hint\na secret", "Hello, world!"], call.Texts);
    }

    [Theory]
    [InlineData("", "input", "missing_required_parameter")]
    [InlineData(",\"input\":null", "input", "missing_required_parameter")]
    [InlineData(",\"input\":7", "input", "invalid_value")]
    [InlineData(",\"input\":{}", "input", "invalid_value")]
    [InlineData(",\"input\":[]", "input", "invalid_value")]
    [InlineData(",\"input\":\"\"", "input", "invalid_value")]
    [InlineData(",\"input\":[\"a\",\"\"]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":[\"a\",1]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":[1,\"a\"]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":[\"a\",[1]]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":[\"a\",null]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":[null]", "input[0]", "invalid_value")]
    [InlineData(",\"input\":[{}]", "input[0]", "invalid_value")]
    [InlineData(",\"input\":[1,1.5]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":[1,-1]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":[[1],[]]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":[[1,null]]", "input[0][1]", "invalid_value")]
    [InlineData(",\"input\":[[1],[2,\"x\"]]", "input[1][1]", "invalid_value")]
    [InlineData(",\"input\":[[[1]]]", "input[0][0]", "invalid_value")]
    [InlineData(",\"input\":[1,100257]", "input", "invalid_value")]
    [InlineData(",\"input\":[[1],[2147483647]]", "input[1]", "invalid_value")]
    [InlineData(",\"input\":\"a\",\"encoding_format\":\"hex\"", "encoding_format", "invalid_value")]
    [InlineData(",\"input\":\"a\",\"encoding_format\":1", "encoding_format", "invalid_value")]
    [InlineData(",\"input\":\"a\",\"dimensions\":0", "dimensions", "invalid_value")]
    [InlineData(",\"input\":\"a\",\"dimensions\":\"256\"", "dimensions", "invalid_value")]
    [InlineData(",\"input\":\"a\",\"user\":7", "user", "invalid_value")]
    [InlineData(",\"input\":\"a\",\"stream\":true", "stream", "invalid_value")]
    [InlineData(",\"input\":\"a\",\"INPUT\":\"b\"", "INPUT", "invalid_value")]
    public void A_field_at_fault_is_named(string members, string field, string code)
    {
        var refusal = Refused($$"""{"model":"{{Small}}"{{members}}}""");

        Assert.Equal((field, code), (refusal.Param, refusal.Code));
    }

    [Fact]
    public void A_request_has_at_most_2048_inputs()
    {
        Assert.Equal(2_048, Read(Body(Enumerable.Repeat("a", 2_048))).InputTokens);
        Assert.Equal("Invalid 'input[2048]': is beyond the 2048 inputs a request may have.", Refused(Body(Enumerable.Repeat("a", 2_049))).Message);
        Assert.Equal("input[2048]", Refused(Body(Enumerable.Repeat(new[] { 1 }, 2_049))).Param);
    }

    [Fact]
    public void An_input_has_at_most_8192_tokens()
    {
        var most = string.Concat(Enumerable.Repeat(" a", 8_192));
        Assert.Equal(8_193, Read(Body(new[] { most, "b" })).InputTokens);
        Assert.Equal(
            new BodyRefusal("input[1]", "context_length_exceeded", "Invalid 'input[1]': has about 8193 tokens, and one input may have 8192. Split it."),
            Refused(Body(new[] { "b", most + " a" })));
        Assert.Equal("input", Refused(Body(most + " a")).Param);
        Assert.Equal("input[8192]", Refused(Body(Enumerable.Repeat(1, 8_193))).Param);
        Assert.Equal("input[0]", Refused(Body(new[] { new string('x', 1_000_000) })).Param);
    }

    [Fact]
    public void A_request_has_at_most_300000_tokens()
    {
        var ids = Enumerable.Repeat(264, 7_500).ToArray();
        Assert.Equal(300_000, Read(Body(Enumerable.Repeat(ids, 40))).InputTokens);
        Assert.Equal("input[40][0]", Refused(Body(Enumerable.Repeat(ids, 41))).Param);

        var texts = Enumerable.Repeat(string.Concat(Enumerable.Repeat(" river", 8_000)), 45);
        var refusal = Refused(Body(texts));
        Assert.Equal(("input", "max_tokens_per_request"), (refusal.Param, refusal.Code));
    }

    [Fact]
    public void Token_ids_that_nobody_can_read_are_refused_because_they_cannot_be_screened()
    {
        Assert.Equal("Invalid 'input': cannot be token ids for this model; send text.", Refused("""{"model":"bge-large-zh","input":[1,2]}""").Message);
        Assert.False(TokenCounter.ForHold("bge-large-zh").IsExact);
    }

    private static string Body(object input) => JsonSerializer.Serialize(new { model = Small, input });

    private static CallRequest Read(string body)
    {
        Assert.True(new EmbeddingsBody().TryRead(Encoding.UTF8.GetBytes(body), out var call, out var refusal), refusal?.Message);
        return call;
    }

    private static BodyRefusal Refused(string body)
    {
        Assert.False(new EmbeddingsBody().TryRead(Encoding.UTF8.GetBytes(body), out _, out var refusal));
        return refusal;
    }
}
