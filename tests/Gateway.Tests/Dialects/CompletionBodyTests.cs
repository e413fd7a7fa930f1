using System.Text;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Tests.Dialects;

/// <summary>Bodies of <c>POST /v1/completions</c>: what is held for, screened and refused.</summary>
public sealed class CompletionBodyTests
{
    private const string Value = "invalid_value";
    private const string Model = "\"model\":\"davinci-002\"";

    /// <summary>The members besides the model, and how many answers of how many tokens are held for.</summary>
    public static TheoryData<string, int, int> Holds => new()
    {
        { "\"prompt\":\"hi\"", 1, 16 },
        { "\"prompt\":\"hi\",\"max_tokens\":null,\"n\":null,\"best_of\":null,\"logprobs\":null", 1, 16 },
        { "\"max_tokens\":7", 1, 7 },
        { "\"prompt\":null,\"n\":2", 2, 16 },
        { "\"prompt\":\"\",\"max_tokens\":0,\"echo\":true", 1, 1 },
        { "\"prompt\":\"hi\",\"max_tokens\":2147483647", 1, int.MaxValue },
        { "\"prompt\":\"hi\",\"n\":3", 3, 16 },
        { "\"prompt\":[\"a\",\"b\"],\"n\":3", 6, 16 },
        { "\"n\":3,\"prompt\":[\"a\",\"b\"]", 6, 16 },
        { "\"prompt\":\"hi\",\"n\":2,\"best_of\":5", 5, 16 },
        { "\"prompt\":[\"a\",\"b\"],\"n\":2,\"best_of\":5,\"max_tokens\":9", 10, 9 },
        { "\"prompt\":\"hi\",\"n\":2,\"best_of\":0", 2, 16 },
        { "\"prompt\":\"hi\",\"best_of\":1,\"stream\":true", 1, 16 },
        { "\"prompt\":[15339,11,1917,0]", 1, 16 },
        { "\"prompt\":[[15339],[11],[1917]],\"n\":2", 6, 16 },
    };

    /// <summary>The members besides the model, the field at fault and the rule.</summary>
    public static TheoryData<string, string, string> Faults => new()
    {
        { "\"prompt\":7", "prompt", "must be a string, an array of strings, an array of tokens or an array of such arrays" },
        { "\"prompt\":{}", "prompt", "must be a string, an array of strings, an array of tokens or an array of such arrays" },
        { "\"prompt\":[]", "prompt", "must have at least one element" },
        { "\"prompt\":[null]", "prompt[0]", "must be a string, a token or an array of tokens" },
        { "\"prompt\":[\"a\",{}]", "prompt[1]", "must be a string, a token or an array of tokens" },
        { "\"prompt\":[\"a\",7]", "prompt[1]", "must be a string, a token or an array of tokens" },
        { "\"prompt\":[7,\"a\"]", "prompt[1]", "must be a token like those before it" },
        { "\"prompt\":[7,[7]]", "prompt[1]", "must be a token like those before it" },
        { "\"prompt\":[-1]", "prompt[0]", "must be an integer from 0 to 2147483647" },
        { "\"prompt\":[1.5]", "prompt[0]", "must be an integer from 0 to 2147483647" },
        { "\"prompt\":[[]]", "prompt[0]", "must have at least one token" },
        { "\"prompt\":[[7,null]]", "prompt[0][1]", "must be a token" },
        { "\"prompt\":[[7,\"a\"]]", "prompt[0][1]", "must be an integer from 0 to 2147483647" },
        { "\"prompt\":[2147483647]", "prompt", "holds tokens that cannot be read as those of this model; send text" },
        { "\"max_tokens\":-1", "max_tokens", "must be an integer from 0 to 2147483647" },
        { "\"logprobs\":6", "logprobs", "must be an integer from 0 to 5" },
        { "\"logprobs\":true", "logprobs", "must be an integer from 0 to 5" },
        { "\"best_of\":21", "best_of", "must be an integer from 0 to 20" },
        { "\"n\":3,\"best_of\":2", "best_of", "must be at least 'n'" },
        { "\"best_of\":2,\"stream\":true", "best_of", "cannot be sent together with 'stream'; leave one of them out" },
        { "\"prompt\":[\"a\",\"b\",\"c\"],\"n\":43", "prompt", "times 'n' or 'best_of' must not exceed 128 answers" },
        { "\"prompt\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\"],\"best_of\":20", "prompt", "times 'n' or 'best_of' must not exceed 128 answers" },
        { "\"prompt\":[\"a\",\"b\"],\"max_tokens\":2000000000", "max_tokens", "times 'n' must not exceed 2147483647 tokens" },
        { "\"best_of\":2,\"max_tokens\":2000000000", "max_tokens", "times 'n' must not exceed 2147483647 tokens" },
        { "\"Prompt\":\"x\"", "Prompt", "differs from 'prompt' only in case; send 'prompt'" },
        { "\"BEST_OF\":20", "BEST_OF", "differs from 'best_of' only in case; send 'best_of'" },
        { "\"stream_options\":{\"include_usage\":true}", "stream_options", "is only allowed when 'stream' is true" },
    };

    [Theory]
    [MemberData(nameof(Holds))]
    public void The_hold_covers_every_answer_that_is_made(string members, int choices, int maxTokens)
    {
        var call = Read($"{{{Model},{members}}}");
        Assert.Equal((choices, maxTokens, "prompt", "max_tokens"), (call.Choices, call.MaxOutputTokens, call.PromptField, call.LimitField));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_field_is_named_with_its_path(string members, string param, string rule)
    {
        Assert.False(new CompletionBody().TryRead(Encoding.UTF8.GetBytes($"{{{Model},{members}}}"), out var call, out var refusal));
        Assert.Equal((null, new BodyRefusal(param, Value, $"Invalid '{param}': {rule}.")), (call, refusal));
    }

    [Fact]
    public void The_hundred_and_twenty_ninth_prompt_is_refused()
    {
        var prompts = string.Join(',', Enumerable.Repeat("\"a\"", 129));
        Assert.False(new CompletionBody().TryRead(Encoding.UTF8.GetBytes($"{{{Model},\"prompt\":[{prompts}]}}"), out _, out var refusal));
        Assert.Equal(new BodyRefusal("prompt[128]", Value, "Invalid 'prompt[128]': is beyond the 128 prompts that a request may have."), refusal);
    }

    [Theory]
    [InlineData("""{"model":"davinci-002","prompt":"one","suffix":"two","user":"not read","stop":["not read"],"future":{"says":"three"}}""", new[] { "one", "two", "says\nthree" })]
    [InlineData("""{"prompt":["one","","two"],"model":"davinci-002"}""", new[] { "one", "two" })]
    [InlineData("""{"prompt":[9906,11,1917,0],"model":"davinci-002"}""", new[] { "Hello, world!" })]
    [InlineData("""{"prompt":[[9906,11],[1917,0]],"model":"gpt-3.5-turbo-instruct"}""", new[] { "Hello,", " world!" })]
    [InlineData("""{"model":"gpt-4o-mini","prompt":[13225,11,2375,0]}""", new[] { "Hello, world!" })]
    public void Every_text_is_screened_and_tokens_are_screened_as_the_text_they_are(string body, string[] texts) => Assert.Equal(texts, Read(body).Texts);

    [Theory]
    [InlineData("claude-haiku-4-5")]
    [InlineData("ernie-bot")]
    [InlineData("somebody-elses-model")]
    public void Tokens_that_nobody_can_read_are_refused(string model)
    {
        Assert.False(new CompletionBody().TryRead(Encoding.UTF8.GetBytes($"{{\"model\":\"{model}\",\"prompt\":[1,2]}}"), out _, out var refusal));
        Assert.Equal(new BodyRefusal("prompt", Value, "Invalid 'prompt': holds tokens that cannot be read as those of this model; send text."), refusal);
    }

    private static CallRequest Read(string body)
    {
        Assert.True(new CompletionBody().TryRead(Encoding.UTF8.GetBytes(body), out var request, out var refusal), refusal?.Message);
        return request;
    }
}
