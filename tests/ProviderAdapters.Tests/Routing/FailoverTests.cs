using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Routing;

/// <summary>Two channels, of which the one that is asked first fails: nobody notices, and one call is recorded.</summary>
public sealed class FailoverTests(RoutingFixture fixture) : IClassFixture<RoutingFixture>
{
    private const string Greeting = "Hello! The sandbox is here to help.";

    public static TheoryData<string, bool> Faults { get; } = new(
        from fault in new[] { "status=429", "status=429,retryafter=7", "status=500", "status=503", "status=401", "status=404", "status=429,code=insufficient_quota", "hang", "refused", "raw-cut", "raw-garbage", "raw-error", "raw-json-error" }
        from stream in new[] { false, true }
        select new TheoryDataRow<string, bool>(fault, stream));

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, MemberData(nameof(Faults))]
    public async Task A_channel_that_fails_before_it_has_said_anything_is_not_noticed(string fault, bool stream)
    {
        var good = await Adapters.ModelAsync();
        await fixture.FaultyAsync(good, fault);
        var call = TestCall.Of(good, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, null, false, Greeting), (answer.Status, answer.Failure, answer.IsBroken, answer.Content));
        await fixture.Shared.AssertRecordedAsync(call.Row(good, EndCause.Completed, new TokenCounts(11, 9)), Adapters);
        Assert.Single(await Adapters.ReceivedAtSandboxAsync(good));
    }

    [Theory]
    [InlineData("status=500", "refused", 502, "provider_error")]
    [InlineData("status=429,retryafter=7", "status=500", 429, "rate_limit_exceeded")]
    [InlineData("hang", "status=500", 504, "provider_timeout")]
    [InlineData("raw-garbage", "raw-cut", 502, "provider_error")]
    [InlineData("status=401", "status=404", 502, "provider_error")]
    public async Task With_both_channels_down_the_client_hears_the_most_telling_failure_and_pays_nothing(string first, string second, int status, string code)
    {
        foreach (var stream in new[] { false, true })
        {
            var model = new TestModel($"model-{Guid.CreateVersion7():N}", "", "");
            await fixture.FaultyAsync(model, first, priority: 5);
            await fixture.FaultyAsync(model, second, priority: 0);
            var call = TestCall.Of(model, stream);

            var answer = await Adapters.AskAsync(call);

            Assert.Equal((status, code), (answer.Status, answer.Error.GetProperty("code").GetString()));
            Assert.Equal(status == 429 ? 7 : null, answer.RetryAfter);
            var row = (await Adapters.UsageOfAsync(call.RequestId))!;
            Assert.Contains(row.EndCause, new[] { EndCause.ProviderError, EndCause.ProviderCut, EndCause.ProviderTimeout });
            Assert.Equal(0, row.Tokens.Output);
        }
    }

    [Fact]
    public async Task A_fault_of_the_call_is_told_and_tried_nowhere_else()
    {
        var good = await Adapters.ModelAsync();
        var picky = await fixture.FaultyAsync(good, "status=400");
        var call = TestCall.Of(good, stream: false);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Failure));
        Assert.Empty(await Adapters.ReceivedAtSandboxAsync(good));
        await fixture.Shared.AssertRecordedAsync(call.Row(picky, EndCause.ProviderError, TokenCounts.None), Adapters);
    }

    [Fact]
    public async Task Once_the_role_has_been_shown_no_other_channel_is_asked()
    {
        var good = await Adapters.ModelAsync();
        var cut = await fixture.FaultyAsync(good, "cut=0");
        var call = TestCall.Of(good, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, true, ""), (answer.Status, answer.IsBroken, answer.Content));
        Assert.Empty(await Adapters.ReceivedAtSandboxAsync(good));
        Assert.Equal(cut.ChannelId, (await Adapters.UsageOfAsync(call.RequestId))!.ChannelId);
    }

    [Theory, InlineData("status=500", 3), InlineData("raw-cut", 0), InlineData("hang", 1), InlineData("status=401", 1), InlineData("status=429,retryafter=7", 1)]
    public async Task A_lone_channel_is_asked_again_unless_that_could_not_help(string fault, int asked)
    {
        var model = new TestModel($"model-{Guid.CreateVersion7():N}", "", "");
        var faulty = await fixture.FaultyAsync(model, fault);

        var answer = await Adapters.AskAsync(TestCall.Of(model, stream: false));

        Assert.NotEqual(200, answer.Status);
        if (asked > 0) Assert.Equal(asked, (await Adapters.ReceivedAtSandboxAsync(faulty)).Length);
    }

    [Fact]
    public async Task A_channel_with_room_for_one_call_has_room_for_its_repeat()
    {
        var model = await Adapters.ModelAsync("status=500");
        (await Adapters.Client.PatchAsync(
            new Uri($"/admin/channels/{model.ChannelId}", UriKind.Relative), new StringContent("""{"limits":{"concurrentCalls":1}}""", System.Text.Encoding.UTF8, "application/json"))).Dispose();

        var answer = await Adapters.AskAsync(TestCall.Of(model, stream: false));

        Assert.Equal((502, 3), (answer.Status, (await Adapters.ReceivedAtSandboxAsync(model)).Length));
    }

    [Fact]
    public async Task Before_the_same_channel_is_asked_again_there_is_a_pause()
    {
        var model = new TestModel($"model-{Guid.CreateVersion7():N}", "", "");
        var faulty = await fixture.FaultyAsync(model, "status=500");

        await Adapters.AskAsync(TestCall.Of(model, stream: false));

        var times = (await Adapters.ReceivedAtSandboxAsync(faulty)).Select(request => request.GetProperty("receivedAt").GetDateTimeOffset()).Order().ToArray();
        Assert.Equal(3, times.Length);
        Assert.True(times[1] - times[0] >= TimeSpan.FromMilliseconds(49) && times[2] - times[1] >= TimeSpan.FromMilliseconds(49), string.Join(' ', times));
    }

    [Theory]
    [InlineData("status=429,retryafter=7", 429, "rate_limited", 7)]
    [InlineData("status=401", 503, "no_channel", 15)]
    [InlineData("status=503,retryafter=9", 503, "no_channel", 9)]
    public async Task While_all_channels_rest_nobody_is_asked(string script, int status, string failure, double wait)
    {
        var model = await Adapters.ModelAsync(script);
        await Adapters.AskAsync(TestCall.Of(model, stream: false));
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((status, failure), (answer.Status, answer.Failure));
        Assert.InRange(answer.RetryAfter!.Value, wait - 2, wait);
        Assert.Single(await Adapters.ReceivedAtSandboxAsync(model));
        await fixture.Shared.AssertRecordedAsync(call.Row(null, EndCause.ProviderError, TokenCounts.None, accepted: false), Adapters);
    }

    [Fact]
    public async Task A_credential_that_is_put_right_ends_the_rest()
    {
        var model = await Adapters.ModelAsync("status=401");
        await Adapters.AskAsync(TestCall.Of(model, stream: false));
        using var patch = await Adapters.Client.PatchAsync(
            new Uri($"/admin/channels/{model.ChannelId}", UriKind.Relative), new StringContent("""{"credential":"sk-another-secret-5678"}""", System.Text.Encoding.UTF8, "application/json"));

        await Adapters.AskAsync(TestCall.Of(model, stream: false));

        Assert.Equal(2, (await Adapters.ReceivedAtSandboxAsync(model)).Length);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_leaves_before_the_second_provider_has_its_request_pays_nothing_for_the_first(bool stream)
    {
        var adapters = fixture.Shared.Adapters; // its first-byte limit leaves time for a large body
        var arrived = new TaskCompletionSource();
        await using var deaf = await RawUpstream.StartAsync(async http =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var model = new TestModel($"model-{Guid.CreateVersion7():N}", "up-deaf", "up-deaf");
        model = model with { ChannelId = await adapters.ChannelAsync(deaf.BaseAddress, model) };
        var failing = await adapters.SecondAsync(model, "status=500", priority: 5);
        var call = TestCall.Of(model, stream, text: new string('x', 20 * 1024 * 1024));

        var asking = adapters.AskAsync(call);
        await arrived.Task;
        await adapters.AbortAsync(call.RequestId);

        Assert.Equal(499, (await asking).Status);
        Assert.Single(await adapters.ReceivedAtSandboxAsync(failing));
        await fixture.Shared.AssertRecordedAsync(call.Row(model, EndCause.ClientAbort, TokenCounts.None, accepted: false));
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_pause_between_two_attempts_pays_nothing()
    {
        var adapters = await fixture.Shared.StartAsync(new() { ["Routing:ShortestDelay"] = "00:00:30", ["Routing:LongestDelay"] = "00:00:30" });
        var model = await adapters.ModelAsync("status=500");
        var call = TestCall.Of(model, stream: false);

        var asking = adapters.AskAsync(call);
        await Eventually.Equal(1, async () => (await adapters.ReceivedAtSandboxAsync(model)).Length);
        await Eventually.True(async () => (await adapters.Client.GetStringAsync(new Uri($"/admin/channels/{model.ChannelId}/health", UriKind.Relative))) is var health
            && health.Contains("\"running\":0,", StringComparison.Ordinal) && health.Contains("\"failures\":1,", StringComparison.Ordinal));
        await adapters.AbortAsync(call.RequestId);

        Assert.Equal(499, (await asking).Status);
        await Eventually.Equal(call.Row(model, EndCause.ClientAbort, TokenCounts.None, accepted: false), () => adapters.UsageOfAsync(call.RequestId));
    }

    [Fact]
    public async Task Without_a_budget_nothing_is_tried_again()
    {
        var adapters = await fixture.Shared.StartAsync(new() { ["Routing:RetryFloor"] = "0", ["Routing:RetryShare"] = "0" });
        var bad = await adapters.ModelAsync("status=500");
        var good = await adapters.SecondAsync(bad, priority: -1);

        var answer = await adapters.AskAsync(TestCall.Of(bad, stream: false));

        Assert.Equal((502, 1, 0), (answer.Status, (await adapters.ReceivedAtSandboxAsync(bad)).Length, (await adapters.ReceivedAtSandboxAsync(good)).Length));
    }
}
