using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>How calls end, each in a plain and in a streamed answer: what the client sees, the whole usage row, and one announcement of it.</summary>
public sealed class OpenAiConformance(AdaptersFixture fixture)
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
        await AssertRecordedAsync(call, call.Row(model, EndCause.Completed, new TokenCounts(11, 9, 5)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_that_the_provider_filtered_is_charged_as_used(bool stream)
    {
        var model = await Adapters.ModelAsync("filter");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(["content_filter"], answer.FinishReasons);
        await AssertRecordedAsync(call, call.Row(model, EndCause.ContentFilter, new TokenCounts(11, 9)));
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
        await AssertRecordedAsync(call, call.Row(model, EndCause.OutputCut, new TokenCounts(11, 0)));
    }

    [Fact]
    public async Task A_stream_that_we_cut_ends_well_formed_and_costs_the_prompt_and_what_was_shown()
    {
        // 180 harmless characters go out in the first window or two; the word comes after them.
        var harmless = string.Concat(Enumerable.Repeat("river stone lantern ", 9));
        var model = await Adapters.ModelAsync($"chunks=30,interval=20ms,text={Uri.EscapeDataString(harmless + Peers.Blocked + " and more")}");
        var call = TestCall.Of(model, stream: true, includeUsage: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, false, "[DONE]"), (answer.Status, answer.IsBroken, answer.Events[^1]));
        Assert.Equal(["content_filter"], answer.FinishReasons);
        Assert.NotEmpty(answer.Content);
        Assert.StartsWith(answer.Content, harmless + Peers.Blocked[..8], StringComparison.Ordinal);
        Assert.Equal(answer.ContentTokens, answer.Chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        await AssertRecordedAsync(call, call.Row(model, EndCause.OutputCut, new TokenCounts(TestCall.InputTokens, answer.ContentTokens, 0, Estimated: true)));
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(1));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_leaves_before_the_provider_has_its_request_pays_nothing(bool stream)
    {
        // This upstream never reads: a large body stays stuck on the way to it.
        var arrived = new TaskCompletionSource();
        await using var deaf = await RawUpstream.StartAsync(async http =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var model = new TestModel($"model-deaf-{stream}", "up-deaf", "up-deaf");
        model = model with { ChannelId = await Adapters.ChannelAsync(deaf.BaseAddress, model) };
        var call = TestCall.Of(model, stream, text: new string('x', 30 * 1024 * 1024));

        var asking = Adapters.AskAsync(call);
        await arrived.Task;
        await Adapters.AbortAsync(call.RequestId);

        Assert.Equal(499, (await asking).Status);
        await AssertRecordedAsync(call, call.Row(model, EndCause.ClientAbort, TokenCounts.None, accepted: false));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_leaves_before_the_first_byte_pays_the_prompt(bool stream)
    {
        var model = await Adapters.ModelAsync("hang");
        var call = TestCall.Of(model, stream);

        var asking = Adapters.AskAsync(call);
        await Eventually.Equal(1, () => Adapters.OpenAtSandboxAsync(model));
        await Adapters.AbortAsync(call.RequestId);

        Assert.Equal(499, (await asking).Status);
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(1));
        await AssertRecordedAsync(call, call.Row(model, EndCause.ClientAbort, new TokenCounts(TestCall.InputTokens, 0, 0, Estimated: true)));
    }

    [Fact]
    public async Task A_client_that_leaves_in_mid_stream_pays_the_prompt_and_what_was_forwarded()
    {
        var model = await Adapters.ModelAsync("chunks=7,hang=3");
        var call = TestCall.Of(model, stream: true);

        await using var running = await Adapters.StartAsync(call);
        await running.ReadUntilAsync("\"content\":\" sand\"");
        await Adapters.AbortAsync(call.RequestId);
        var answer = await running.ReadAsync();

        Assert.Equal((true, "Hello! The sand"), (answer.IsBroken, answer.Content));
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(1));
        await AssertRecordedAsync(call, call.Row(model, EndCause.ClientAbort, new TokenCounts(TestCall.InputTokens, 4, 0, Estimated: true)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_connection_that_is_lost_without_a_word_is_our_fault(bool stream)
    {
        var model = await Adapters.ModelAsync("hang");
        var call = TestCall.Of(model, stream);
        using var giveUp = new CancellationTokenSource();

        var asking = Adapters.AskAsync(call, giveUp.Token);
        await Eventually.Equal(1, () => Adapters.OpenAtSandboxAsync(model));
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(1));
        await AssertRecordedAsync(call, call.Row(model, EndCause.PlatformCrash, new TokenCounts(TestCall.InputTokens, 0, 0, Estimated: true)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_lost_connection_that_the_word_explains_a_moment_later_is_the_clients(bool stream)
    {
        var model = await Adapters.ModelAsync("hang");
        var call = TestCall.Of(model, stream);
        using var giveUp = new CancellationTokenSource();

        var asking = Adapters.AskAsync(call, giveUp.Token);
        await Eventually.Equal(1, () => Adapters.OpenAtSandboxAsync(model));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.Equal(0, () => Adapters.OpenAtSandboxAsync(model));
        await Adapters.AbortAsync(call.RequestId);

        await AssertRecordedAsync(call, call.Row(model, EndCause.ClientAbort, new TokenCounts(TestCall.InputTokens, 0, 0, Estimated: true)));
    }

    [Theory]
    [InlineData("status=500", 502, "provider_error", "provider_error")]
    [InlineData("status=401", 502, "provider_error", "provider_error")]
    [InlineData("status=403", 502, "provider_error", "provider_error")]
    [InlineData("status=404", 502, "provider_error", "provider_error")]
    [InlineData("status=302", 502, "provider_error", "provider_error")]
    [InlineData("status=429,code=insufficient_quota", 502, "provider_error", "provider_error")]
    [InlineData("status=429,retryafter=7", 429, "rate_limited", "rate_limit_exceeded")]
    [InlineData("status=400", 400, "invalid_request", "invalid_value")]
    [InlineData("status=400,code=context_length_exceeded", 400, "invalid_request", "context_length_exceeded")]
    public async Task An_error_of_the_provider_is_free_and_says_nothing_of_our_account(string script, int status, string failure, string code)
    {
        foreach (var stream in new[] { false, true })
        {
            var model = await Adapters.ModelAsync(script);
            var call = TestCall.Of(model, stream);

            var answer = await Adapters.AskAsync(call);

            Assert.Equal((status, failure, code), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
            foreach (var secret in new[] { "sk-upstream", "1234", "127.0.0.1", "org-sandbox" }) Assert.DoesNotContain(secret, answer.Text, StringComparison.OrdinalIgnoreCase);
            await AssertRecordedAsync(call, call.Row(model, EndCause.ProviderError, TokenCounts.None));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_is_not_there_is_free(bool stream)
    {
        var model = new TestModel($"model-nowhere-{stream}", "up", "up");
        model = model with { ChannelId = await Adapters.ChannelAsync(new Uri($"http://127.0.0.1:{TestSockets.FreePort()}/v1/"), model) };
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((502, "provider_error"), (answer.Status, answer.Failure));
        await AssertRecordedAsync(call, call.Row(model, EndCause.ProviderError, TokenCounts.None, accepted: false));
    }

    [Theory]
    [InlineData("cut=0")]
    [InlineData("garbage=0")]
    [InlineData("bigline=20MB")]
    public async Task A_plain_answer_that_breaks_off_or_is_unreadable_is_free(string script)
    {
        var adapters = await fixture.StartAsync(new() { ["Calls:MaxPlainBytes"] = "1000000" });
        var model = await adapters.ModelAsync(script);
        var call = TestCall.Of(model, stream: false);

        var answer = await adapters.AskAsync(call);

        Assert.Equal((502, "provider_error", "provider_error"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        await AssertRecordedAsync(call, call.Row(model, EndCause.ProviderCut, new TokenCounts(TestCall.InputTokens, 0, 0, Estimated: true)), adapters);
    }

    [Fact]
    public async Task A_plain_200_that_is_an_error_is_free()
    {
        var model = await Adapters.ModelAsync("errorframe=0");
        var call = TestCall.Of(model, stream: false);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((502, "provider_error"), (answer.Status, answer.Failure));
        await AssertRecordedAsync(call, call.Row(model, EndCause.ProviderError, TokenCounts.None));
    }

    [Theory]
    [InlineData("cut=4")]
    [InlineData("end=4")]
    [InlineData("garbage=4")]
    [InlineData("errorframe=4")]
    public async Task A_stream_that_breaks_off_or_turns_into_garbage_is_free_and_the_client_notices(string script)
    {
        // Pauses longer than the hold-back limit, so that something has been shown when it happens.
        var model = await Adapters.ModelAsync($"interval=400ms,chunks=7,{script}");
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, true), (answer.Status, answer.IsBroken));
        Assert.Equal(("provider_error", "server_error"), (answer.Error.GetProperty("code").GetString(), answer.Error.GetProperty("type").GetString()));
        Assert.NotEmpty(answer.Content);
        Assert.StartsWith(answer.Content, Greeting, StringComparison.Ordinal);
        await AssertRecordedAsync(call, call.Row(model, EndCause.ProviderCut, new TokenCounts(TestCall.InputTokens, answer.ContentTokens, 0, Estimated: true)));
    }

    [Fact]
    public async Task A_line_of_twenty_megabytes_ends_the_stream()
    {
        var model = await Adapters.ModelAsync("bigline=20MB");
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((200, true), (answer.Status, answer.IsBroken));
        Assert.Equal("provider_error", answer.Error.GetProperty("code").GetString());
        await AssertRecordedAsync(call, call.Row(model, EndCause.ProviderCut, new TokenCounts(TestCall.InputTokens, 0, 0, Estimated: true)));
    }

    [Theory, InlineData("doubledone"), InlineData("nodone")]
    public async Task The_first_terminal_wins_and_a_reasoned_end_without_one_is_complete(string script)
    {
        var model = await Adapters.ModelAsync(script);
        var call = TestCall.Of(model, stream: true);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((Greeting, false, 1), (answer.Content, answer.IsBroken, answer.Events.Count(data => data == "[DONE]")));
        await AssertRecordedAsync(call, call.Row(model, EndCause.Completed, new TokenCounts(11, 9)));
    }

    [Fact]
    public async Task A_model_that_no_channel_ever_listed_is_unknown_and_its_hold_is_released()
    {
        var call = TestCall.Of(new TestModel("never-heard-of", "", ""), stream: false);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal((404, "model_not_found", "model_not_found"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        await AssertRecordedAsync(call, call.Row(null, EndCause.ProviderError, TokenCounts.None, accepted: false));
    }

    private async Task AssertRecordedAsync(TestCall call, UsageRow expected, AdaptersHost? adapters = null)
    {
        await Eventually.Equal(expected, () => (adapters ?? Adapters).UsageOfAsync(call.RequestId));
        await Eventually.True(() => fixture.Peers.Usages.Any(usage => usage.RequestId == call.RequestId));
        var announced = Assert.Single(fixture.Peers.Usages, usage => usage.RequestId == call.RequestId);
        Assert.Equal(expected.ToMessage(), announced with { EndedAt = default });
    }
}
