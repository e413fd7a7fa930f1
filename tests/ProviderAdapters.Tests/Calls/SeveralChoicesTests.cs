using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ServiceDefaults.Tokens;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Calls;

/// <summary>A stream with several choices of which one says what must not be shown: that one ends, and the others are none the worse for it.</summary>
public sealed class SeveralChoicesTests(AdaptersFixture fixture)
{
    private const string Harmless = "river stone lantern garden window letter harbour meadow copper thread ";
    private const string Bad = $"and {Peers.Blocked} it is. ";

    private AdaptersHost Adapters => fixture.Adapters;

    [Fact]
    public async Task Only_the_choice_that_says_it_ends_and_only_what_was_shown_is_charged()
    {
        var (call, answer) = await AskAsync(3,
        [
            Frame(0, Harmless), Frame(1, Harmless), Frame(2, Harmless),
            Frame(0, Harmless), Frame(1, Harmless), Frame(2, Harmless),
            Frame(0, Harmless), Frame(1, Bad), Frame(2, Harmless),
            Frame(0, Harmless), Frame(1, "more of it"), Frame(2, Harmless),
            Frame(0, "", "stop"), Frame(1, "", "stop"), Frame(2, "", "length"), "[DONE]",
        ]);

        Assert.Equal((false, "[DONE]"), (answer.IsBroken, answer.Events[^1]));
        Assert.Equal(("stop", "content_filter", "length"), (Ends(answer, 0), Ends(answer, 1), Ends(answer, 2)));
        Assert.Equal(string.Concat(Enumerable.Repeat(Harmless, 4)), Said(answer, 0));
        Assert.StartsWith(Said(answer, 1), Harmless + Harmless, StringComparison.Ordinal);
        Assert.Equal(string.Concat(Enumerable.Repeat(Harmless, 4)), Said(answer, 2));
        Assert.DoesNotContain(Peers.Blocked[..6], answer.Text, StringComparison.Ordinal);
        await AssertChargedAsync(call, answer, 3);
    }

    [Fact]
    public async Task What_another_choice_holds_back_meanwhile_comes_whole_and_in_order()
    {
        // One choice's words wait with the other's when that is blocked.
        var (call, answer) = await AskAsync(2, [Frame(0, "one "), Frame(1, Bad), Frame(0, "two "), Frame(1, Harmless + Harmless), Frame(0, "three "), Frame(0, "four", "stop"), Frame(1, "", "stop"), "[DONE]"]);

        Assert.Equal(("one two three four", ""), (Said(answer, 0), Said(answer, 1)));
        Assert.Equal(("stop", "content_filter"), (Ends(answer, 0), Ends(answer, 1)));
        await AssertChargedAsync(call, answer, 2);
    }

    [Fact]
    public async Task When_the_last_choice_that_goes_on_is_cut_the_provider_is_left()
    {
        var (call, answer) = await AskAsync(2, [Frame(0, Harmless), Frame(0, "", "stop"), Frame(1, Harmless + Harmless), Frame(1, Bad + Harmless + Harmless)], isEndless: true);

        Assert.Equal((false, "[DONE]"), (answer.IsBroken, answer.Events[^1]));
        Assert.Equal(("stop", "content_filter"), (Ends(answer, 0), Ends(answer, 1)));
        await AssertChargedAsync(call, answer, 2);
    }

    [Fact]
    public async Task Once_one_is_cut_and_the_others_have_ended_the_provider_is_left()
    {
        var (call, answer) = await AskAsync(2, [Frame(0, Harmless), Frame(1, Bad + Harmless + Harmless), Frame(0, Harmless), Frame(0, "", "stop"), Frame(1, Harmless)], isEndless: true);

        Assert.Equal(("stop", "content_filter"), (Ends(answer, 0), Ends(answer, 1)));
        await AssertChargedAsync(call, answer, 2);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Choices_that_share_frames_end_together(bool fromTheBeginning)
    {
        var both = Frames((0, Harmless), (1, Bad));
        var (call, answer) = await AskAsync(2, [fromTheBeginning ? both : Frame(0, Harmless), Frame(1, Bad + Harmless + Harmless), Frame(0, Harmless), Frame(0, Harmless), both, "[DONE]"]);

        Assert.Equal((false, "[DONE]"), (answer.IsBroken, answer.Events[^1]));
        Assert.Equal(("content_filter", "content_filter"), (Ends(answer, 0), Ends(answer, 1)));
        Assert.DoesNotContain(Peers.Blocked[..6], answer.Text, StringComparison.Ordinal);
        await AssertChargedAsync(call, answer, 2);
    }

    [Fact]
    public async Task A_provider_that_dies_after_one_was_cut_is_free()
    {
        var (call, answer) = await AskAsync(2, [Frame(0, Harmless), Frame(1, Bad + Harmless + Harmless), Frame(0, Harmless), "{\"broken"]);

        Assert.True(answer.IsBroken);
        await Eventually.True(async () => await Adapters.UsageOfAsync(call.RequestId) is { EndCause: EndCause.ProviderCut });
    }

    /// <summary>The prompt and what each choice has shown, each counted for itself.</summary>
    private async Task AssertChargedAsync(TestCall call, Answer answer, int choices)
    {
        var shown = Enumerable.Range(0, choices).Sum(choice => BytePairEncoding.O200k.Count(Said(answer, choice)));
        await Eventually.True(async () => await Adapters.UsageOfAsync(call.RequestId) is not null);
        var row = (await Adapters.UsageOfAsync(call.RequestId))!;
        Assert.Equal((EndCause.OutputCut, shown, true), (row.EndCause, row.Tokens.Output, row.Tokens.Estimated));
        Assert.Equal(shown, answer.Chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    private async Task<(TestCall Call, Answer Answer)> AskAsync(int n, string[] frames, bool isEndless = false)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await RawUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var frame in frames)
            {
                await http.Response.WriteAsync($"data: {frame}\n\n");
                await http.Response.Body.FlushAsync();
            }

            if (!isEndless) return;
            http.RequestAborted.Register(left.SetResult);
            await left.Task;
        });
        var model = new TestModel($"model-{Guid.CreateVersion7():N}", "gpt-4o-raw", "gpt-4o-raw");
        await Adapters.ChannelAsync(upstream.BaseAddress, model);
        var call = TestCall.Of(model, stream: true, includeUsage: true, n: n);
        var answer = await Adapters.AskAsync(call);
        if (isEndless) await left.Task.WaitAsync(TimeSpan.FromSeconds(5));
        return (call, answer);
    }

    private static string Frame(int choice, string text, string? finishReason = null) => Chunk(new { index = choice, delta = new { content = text }, finish_reason = finishReason });

    private static string Frames(params (int Choice, string Text)[] choices) => Chunk([.. choices.Select(one => new { index = one.Choice, delta = new { content = one.Text }, finish_reason = (string?)null })]);

    private static string Chunk(params object[] choices) => JsonSerializer.Serialize(new { id = "x", @object = "chat.completion.chunk", created = 1, model = "m", choices });

    private static string Said(Answer answer, int choice) => string.Concat(Parts(answer, choice).Select(part => part.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

    private static string Ends(Answer answer, int choice) => string.Join(' ', Parts(answer, choice).Select(part => part.GetProperty("finish_reason").GetString()).OfType<string>());

    private static IEnumerable<JsonElement> Parts(Answer answer, int choice) =>
        answer.Chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()).Where(part => part.GetProperty("index").GetInt32() == choice);
}
