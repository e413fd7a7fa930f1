using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Calls that end with an answer: what the client sees, the whole usage row, and one announcement of it.</summary>
public abstract class CompleteAnswers(AdaptersFixture fixture, Family family)
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_complete_answer_is_recorded_with_the_usage_the_provider_claims(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "cached=5");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, Greeting, false), (answer.Status, answer.Content, answer.IsBroken));
        Assert.Equal(["stop"], answer.FinishReasons);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 9, family.ReportsCached ? 5 : 0)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_that_the_provider_filtered_is_charged_as_used(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "filter");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(["content_filter"], answer.FinishReasons);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.ContentFilter, new TokenCounts(11, 9)), refusal: family.RefusedFor);
    }

    [Fact]
    public async Task A_plain_answer_that_we_block_is_empty_and_costs_the_prompt()
    {
        var model = await Adapters.ModelAsync(family, $"text=This%20is%20{Peers.Blocked}%20indeed");
        var call = TestCall.Of(model, stream: false, n: family.TakesSeveralChoices ? 2 : 1);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, ""), (answer.Status, answer.Content));
        Assert.Equal(Enumerable.Repeat("content_filter", family.TakesSeveralChoices ? 2 : 1), answer.FinishReasons);
        Assert.Equal((11, 0), (answer.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), answer.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.OutputCut, new TokenCounts(11, 0)));
    }

    [Fact]
    public async Task A_stream_that_we_cut_ends_well_formed_and_costs_the_prompt_and_what_was_shown()
    {
        // 180 harmless characters go out in the first window or two; the word comes after them.
        var harmless = string.Concat(Enumerable.Repeat("river stone lantern ", 9));
        var model = await Adapters.ModelAsync(family, $"chunks=30,interval=20ms,usage=none,text={Uri.EscapeDataString(harmless + Peers.Blocked + " and more")}");
        var call = TestCall.Of(model, stream: true, includeUsage: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, false, "[DONE]"), (answer.Status, answer.IsBroken, answer.Events[^1]));
        Assert.Equal(["content_filter"], answer.FinishReasons);
        Assert.NotEmpty(answer.Content);
        Assert.StartsWith(answer.Content, harmless + Peers.Blocked[..8], StringComparison.Ordinal);
        Assert.Equal(family.Count(answer.Content), answer.Chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.OutputCut, new TokenCounts(family.CountPrompt(call), family.Count(answer.Content), 0, Estimated: true)));
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(3));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_must_not_be_said_must_not_be_an_argument_of_a_tool_either(bool stream)
    {
        var model = await Adapters.ModelAsync(family, $"tools,chunks=4,toolargs={Uri.EscapeDataString($$"""{"city":"{{Peers.Blocked}}"}""")}");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(["content_filter"], answer.FinishReasons);
        Assert.DoesNotContain(Peers.Blocked[..6], answer.Text, StringComparison.Ordinal);
        await Eventually.True(async () => await Adapters.UsageOfAsync(call.RequestId) is { EndCause: EndCause.OutputCut });
    }

    [Fact]
    public async Task An_operators_test_of_the_channel_says_whether_it_answers()
    {
        var good = await Adapters.ModelAsync(family);
        var bad = await Adapters.ModelAsync(family, "status=401");

        Assert.Equal((true, null), await TestAsync(good));
        var (ok, error) = await TestAsync(bad);

        Assert.False(ok);
        Assert.NotEmpty(error!);
        Assert.DoesNotContain(family.Credential, error, StringComparison.Ordinal);

        async Task<(bool Ok, string? Error)> TestAsync(TestModel model)
        {
            using var response = await Adapters.Client.PostAsJsonAsync($"/admin/channels/{model.ChannelId}/test", new { model = model.Name });
            var result = await response.Content.ReadFromJsonAsync<JsonElement>();
            return (result.GetProperty("ok").GetBoolean(), result.GetProperty("error").GetString());
        }
    }

    [Fact]
    public async Task The_first_terminal_wins()
    {
        var model = await Adapters.ModelAsync(family, "doubledone");
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, Greeting, false, 1), (answer.Status, answer.Content, answer.IsBroken, answer.Events.Count(data => data == "[DONE]")));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 9)));
    }

    [Fact]
    public async Task A_stream_without_its_last_mark_is_complete_only_if_it_has_said_why_it_ends()
    {
        var model = await Adapters.ModelAsync(family, "nodone,interval=400ms,chunks=3");
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, !family.EndsByReason), (answer.Status, answer.IsBroken));
        Assert.StartsWith(answer.Content, Greeting, StringComparison.Ordinal);
        if (family.EndsByReason) Assert.Equal(Greeting, answer.Content);
        Assert.Equal(family.EndsByReason ? 1 : 0, answer.Events.Count(data => data == "[DONE]"));
        await fixture.AssertRecordedAsync(family.EndsByReason
            ? call.Row(model, EndCause.Completed, new TokenCounts(11, 9))
            : call.Row(model, EndCause.ProviderCut, new TokenCounts(family.PromptOnceBegun(call), family.Count(answer.Content), 0, Estimated: true)));
    }
}
