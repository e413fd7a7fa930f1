using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Calls;

/// <summary>What Anthropic's old text completions have of their own.</summary>
public sealed class CompleteTests(AdaptersFixture fixture)
{
    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_stop_text_that_was_met_is_told(bool stream)
    {
        var model = await Adapters.ModelAsync(Family.Anthropic);

        var answer = await Adapters.AskAsync(TextCalls.Complete(model, stream, members: "\"max_tokens_to_sample\":99,\"stop_sequences\":[\"sandbox\"],\"top_k\":5,\"metadata\":{\"user_id\":\"u\"}"));

        var last = answer.Completions()[^1];
        Assert.Equal((" Hello! The ", "stop_sequence", "sandbox"), (answer.Said(), last.GetProperty("stop_reason").GetString(), last.GetProperty("stop").GetString()));
        var asked = await Adapters.AskedAtSandboxAsync(model);
        Assert.Equal(["sandbox", "\n\nHuman:"], asked.GetProperty("stop_sequences").EnumerateArray().Select(stop => stop.GetString()));
        Assert.Equal((5, 64), (asked.GetProperty("top_k").GetInt32(), asked.GetProperty("metadata").GetProperty("user_id").GetString()!.Length));
    }

    [Fact]
    public async Task A_model_that_does_not_go_on_with_a_begun_answer_is_not_asked_to()
    {
        var model = await Adapters.ModelAsync(Family.Anthropic with { UpstreamPrefix = "claude-opus-4-7" });

        var begun = await Adapters.AskAsync(TextCalls.Complete(model, false, "\n\nHuman: Say hello\n\nAssistant: Sure,"));
        var plain = await Adapters.AskAsync(TextCalls.Complete(model, false));

        Assert.Equal((400, "prompt", 200), (begun.Status, begun.Error.GetProperty("details").GetProperty("param").GetString(), plain.Status));
        Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
    }

    [Theory]
    [InlineData("{\"model\":\"M\",\"max_tokens_to_sample\":9}", "prompt")]
    [InlineData("{\"model\":\"M\",\"max_tokens_to_sample\":9,\"prompt\":\"Hello\"}", "prompt")]
    [InlineData("{\"model\":\"M\",\"max_tokens_to_sample\":9,\"prompt\":7}", "prompt")]
    [InlineData("{\"model\":\"M\",\"prompt\":\"\\n\\nHuman: a\\n\\nAssistant:\"}", "max_tokens_to_sample")]
    [InlineData("{\"model\":\"M\",\"prompt\":\"\\n\\nHuman: a\\n\\nAssistant:\",\"max_tokens_to_sample\":0}", "max_tokens_to_sample")]
    [InlineData("{\"model\":\"M\",\"stream\":1}", "stream")]
    [InlineData("{\"model\":7}", "model")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    public async Task What_the_edge_would_not_let_through_is_refused_here_too(string body, string param)
    {
        foreach (var family in new[] { Family.Anthropic, Family.OpenAi, Family.Wenxin })
        {
            var model = await Adapters.ModelAsync(family);
            var call = new TestCall(model.Name, body.Replace("\"M\"", $"\"{model.Name}\"", StringComparison.Ordinal)) { Path = "/internal/complete" };

            var answer = await Adapters.AskAsync(call);

            Assert.Equal((400, "invalid_request_error", param), (answer.Status, answer.Error.GetProperty("type").GetString(), answer.Error.GetProperty("details").GetProperty("param").GetString()));
            Assert.Empty(await Adapters.ReceivedAtSandboxAsync(model));
        }
    }
}
