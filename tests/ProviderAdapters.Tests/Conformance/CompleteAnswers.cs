using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Calls that end with an answer: what the client sees, the whole usage row, and one announcement of it.</summary>
public sealed class CompleteAnswers(AdaptersFixture fixture)
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_complete_answer_is_recorded_with_the_usage_the_provider_claims(bool stream)
    {
        var model = await Adapters.ModelAsync("cached=5");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, Greeting, false), (answer.Status, answer.Content, answer.IsBroken));
        Assert.Equal(["stop"], answer.FinishReasons);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 9, 5)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_that_the_provider_filtered_is_charged_as_used(bool stream)
    {
        var model = await Adapters.ModelAsync("filter");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(["content_filter"], answer.FinishReasons);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ContentFilter, new TokenCounts(11, 9)));
    }

    [Fact]
    public async Task A_plain_answer_that_we_block_is_empty_and_costs_the_prompt()
    {
        var model = await Adapters.ModelAsync($"text=This%20is%20{Peers.Blocked}%20indeed");
        var call = TestCall.Of(model, stream: false, n: 2);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, ""), (answer.Status, answer.Content));
        Assert.Equal(["content_filter", "content_filter"], answer.FinishReasons);
        Assert.Equal((11, 0), (answer.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), answer.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.OutputCut, new TokenCounts(11, 0)));
    }

    [Fact]
    public async Task A_stream_that_we_cut_ends_well_formed_and_costs_the_prompt_and_what_was_shown()
    {
        // 180 harmless characters go out in the first window or two; the word comes after them.
        var harmless = string.Concat(Enumerable.Repeat("river stone lantern ", 9));
        var model = await Adapters.ModelAsync($"chunks=30,interval=20ms,usage=none,text={Uri.EscapeDataString(harmless + Peers.Blocked + " and more")}");
        var call = TestCall.Of(model, stream: true, includeUsage: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, false, "[DONE]"), (answer.Status, answer.IsBroken, answer.Events[^1]));
        Assert.Equal(["content_filter"], answer.FinishReasons);
        Assert.NotEmpty(answer.Content);
        Assert.StartsWith(answer.Content, harmless + Peers.Blocked[..8], StringComparison.Ordinal);
        Assert.Equal(answer.ContentTokens, answer.Chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.OutputCut, new TokenCounts(TestCall.CountedTokens, answer.ContentTokens, 0, Estimated: true)));
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(3));
    }

    [Theory, InlineData("doubledone"), InlineData("nodone")]
    public async Task The_first_terminal_wins_and_a_reasoned_end_without_one_is_complete(string script)
    {
        var model = await Adapters.ModelAsync(script);
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}: {Adapters.Service.Logs.Tail(40)}");
        Assert.Equal((Greeting, false, 1), (answer.Content, answer.IsBroken, answer.Events.Count(data => data == "[DONE]")));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 9)));
    }
}
