using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Tests.Calls;

/// <summary>What only models that complete do: several prompts, echoes, tokens; and who is kept from them.</summary>
public sealed class CompletionTests(AdaptersFixture fixture)
{
    private static readonly Family Completing = TextCalls.Completing(Family.OpenAi);

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_prompts_with_two_answers_each_pass_through(bool stream)
    {
        var model = await Adapters.ModelAsync(Completing);
        var call = TextCalls.Completion(model, stream, "\"prompt\":[\"Hello, world!\",\"Hello\"],\"n\":2,\"future\":{\"x\":1}");

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(Enumerable.Repeat(TextCalls.Greeting, 4), Enumerable.Range(0, 4).Select(answer.TextOf));
        Assert.Equal(["stop", "stop", "stop", "stop"], answer.EndsOf());
        var asked = await Adapters.AskedAtSandboxAsync(model);
        Assert.Equal((2, 2, 1), (asked.GetProperty("prompt").GetArrayLength(), asked.GetProperty("n").GetInt32(), asked.GetProperty("future").GetProperty("x").GetInt32()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(4 + 2, 4 * 9)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task All_choices_of_a_call_are_blocked_together(bool stream)
    {
        var model = await Adapters.ModelAsync(Completing, $"text={Peers.Blocked}");

        var answer = await Adapters.AskAsync(TextCalls.Completion(model, stream, "\"n\":2"));

        Assert.Equal(("", "", 200), (answer.TextOf(0), answer.TextOf(1), answer.Status));
        Assert.Equal(["content_filter", "content_filter"], answer.EndsOf());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_echo_is_shown_and_not_counted(bool stream)
    {
        var model = await Adapters.ModelAsync(Completing, "usage=none,chunks=5");
        var call = TextCalls.Completion(model, stream, "\"prompt\":[\"Hello, world! \",\"Bye. \"],\"echo\":true");

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(("Hello, world! " + TextCalls.Greeting, "Bye. " + TextCalls.Greeting), (answer.TextOf(0), answer.TextOf(1)));
        await fixture.AssertRecordedAsync(call.Row(
            model, EndCause.Completed, new TokenCounts(Completing.Count("Hello, world! ") + Completing.Count("Bye. "), 2 * Completing.Count(TextCalls.Greeting), 0, Estimated: true)));
    }

    [Fact]
    public async Task Tokens_count_as_what_they_are()
    {
        var model = await RenamedAsync(await Adapters.ModelAsync(Completing, "usage=none"), "davinci-002");
        var call = TextCalls.Completion(model, stream: false, "\"prompt\":[[9906,11],[1917,0,0]]");

        await Adapters.AskAsync(call);

        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(5, 2 * Completing.Count(TextCalls.Greeting), 0, Estimated: true)));
    }

    [Fact]
    public async Task Tokens_of_another_vocabulary_than_the_models_never_reach_it()
    {
        // The edge has read them by the name the customer knows, which is not what the provider would read.
        var model = await Adapters.ModelAsync(Completing);
        var renamed = await RenamedAsync(model, "gpt-4o");

        var tokens = await Adapters.AskAsync(TextCalls.Completion(renamed, stream: false, "\"prompt\":[13225,11]"));
        var text = await Adapters.AskAsync(TextCalls.Completion(renamed, stream: false));

        Assert.Equal((400, "prompt", 200), (tokens.Status, tokens.Error.GetProperty("param").GetString(), text.Status));
        Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
    }

    [Fact]
    public async Task Tokens_become_text_for_a_model_that_chats()
    {
        var model = await Adapters.ModelAsync(Family.Anthropic);
        var renamed = await RenamedAsync(model, "gpt-4o");

        var answer = await Adapters.AskAsync(TextCalls.Completion(renamed, stream: false, "\"prompt\":[[13225,11,2375,0]]"));

        Assert.Equal(200, answer.Status);
        Assert.Contains("\"Hello, world!\"", (await Adapters.AskedAtSandboxAsync(model)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_completes_is_not_asked_to_chat_so_that_its_channel_does_not_rest_for_it()
    {
        var model = await Adapters.ModelAsync(Completing);

        var chat = await Adapters.AskAsync(TestCall.Of(model, stream: false));
        var complete = await Adapters.AskAsync(TextCalls.Complete(model, stream: false));
        var completion = await Adapters.AskAsync(TextCalls.Completion(model, stream: false));

        Assert.Equal((400, "model"), (chat.Status, chat.Error.GetProperty("param").GetString()));
        Assert.Equal((400, 200), (complete.Status, completion.Status));
        Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
    }

    [Fact]
    public async Task A_client_that_leaves_pays_for_the_prompt_and_what_was_forwarded()
    {
        var model = await Adapters.ModelAsync(Completing, "chunks=7,hang=3");
        var call = TextCalls.Completion(model, stream: true);

        await using var running = await Adapters.StartAsync(call);
        await running.ReadUntilAsync("\"text\":\" sand\"");
        await Adapters.AbortAsync(call.RequestId);
        var answer = await running.ReadAsync();

        Assert.Equal((true, "Hello! The sand"), (answer.IsBroken, answer.TextOf()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ClientAbort, new TokenCounts(Completing.Count(TextCalls.Words), Completing.Count(answer.TextOf()), 0, Estimated: true)));
    }

    [Fact]
    public async Task Other_names_complete_where_the_operator_says_so()
    {
        var adapters = await fixture.SharedAsync(new() { ["OpenAi:CompletionModels:0"] = "my-writer" });
        var model = await adapters.ModelAsync(Family.OpenAi with { UpstreamPrefix = "my-writer" });

        var answer = await adapters.AskAsync(TextCalls.Completion(model, stream: false));

        Assert.Equal(TextCalls.Greeting, answer.TextOf());
        Assert.Equal(TextCalls.Words, (await adapters.AskedAtSandboxAsync(model)).GetProperty("prompt").GetString());
        Assert.Equal(200, (await adapters.AskAsync(TextCalls.Completion(await adapters.ModelAsync(Completing), stream: false, "\"echo\":true"))).Status);
    }

    [Theory]
    [InlineData("{\"model\":\"M\",\"prompt\":7}", "prompt")]
    [InlineData("{\"model\":\"M\",\"prompt\":[[\"a\"]]}", "prompt")]
    [InlineData("{\"model\":\"M\"}", "prompt")]
    [InlineData("{\"model\":\"M\",\"prompt\":\"a\",\"max_tokens\":0}", "max_tokens")]
    [InlineData("{\"prompt\":\"a\"}", "model")]
    [InlineData("[", "body")]
    public async Task What_the_edge_would_not_let_through_is_refused_here_too(string body, string param)
    {
        var model = await Adapters.ModelAsync();
        var call = new TestCall(model.Name, body.Replace("\"M\"", $"\"{model.Name}\"", StringComparison.Ordinal)) { Path = "/internal/completions" };

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((400, param), (answer.Status, answer.Error.GetProperty("param").GetString()));
        Assert.Empty(await Adapters.ReceivedAtSandboxAsync(model));
    }

    /// <summary>The same under a name that says whose tokens a customer means.</summary>
    private async Task<TestModel> RenamedAsync(TestModel model, string name)
    {
        var renamed = model with { Name = $"{name}-{Guid.CreateVersion7():N}" };
        return renamed with { ChannelId = await Adapters.ChannelAsync(fixture.Sandbox.BaseAddress, renamed) };
    }
}
