using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>What ends a call by the clock, and what keeps it alive; with limits of seconds instead of minutes.</summary>
public abstract class TimeLimits(AdaptersFixture fixture, Family family)
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_provider_that_never_begins_to_answer_times_out_free(bool stream)
    {
        var adapters = await fixture.SharedAsync(new() { ["Calls:FirstByteLimit"] = "00:00:00.500" });
        var model = await adapters.ModelAsync(family, "hang");
        var call = TestCall.Of(model, stream);

        var answer = await adapters.AskAsync(call);

        Assert.Equal((504, "provider_timeout", "provider_timeout"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        await Eventually.Equal(call.Row(model, EndCause.ProviderTimeout, TokenCounts.None), () => adapters.UsageOfAsync(call.RequestId));
        await Eventually.Equal(0, () => adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData(false, "hang")]
    [InlineData(true, "hang")]
    [InlineData(false, "hang=3")]
    public async Task A_client_that_waits_no_longer_is_told_in_time_and_pays_nothing(bool stream, string script)
    {
        var model = await fixture.Adapters.ModelAsync(family, script);
        var call = TestCall.Of(model, stream) with { Patience = TimeSpan.FromMilliseconds(400) };

        var answer = await fixture.Adapters.AskAsync(call);

        Assert.Equal((504, "provider_timeout", "provider_timeout"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        var row = await fixture.Adapters.UsageOfAsync(call.RequestId);
        Assert.Equal((EndCause.ProviderTimeout, model.ChannelId), (row?.EndCause, row?.ChannelId));
        await Eventually.Equal(0, () => fixture.Adapters.OpenAtSandboxAsync(model), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_stream_that_has_begun_outlasts_its_clients_patience()
    {
        var model = await fixture.Adapters.ModelAsync(family, "chunks=4,interval=150ms");
        var call = TestCall.Of(model, stream: true) with { Patience = TimeSpan.FromMilliseconds(300) };

        var answer = await fixture.Adapters.AskAsync(call);

        Assert.Equal((false, "[DONE]"), (answer.IsBroken, answer.Events[^1]));
        Assert.Equal(call.Row(model, EndCause.Completed, new TokenCounts(11, 9)), await fixture.Adapters.UsageOfAsync(call.RequestId));
    }

    [Fact]
    public async Task A_stream_is_cut_at_the_maximum_duration_and_costs_what_was_forwarded()
    {
        var adapters = await fixture.SharedAsync(new() { ["Calls:MaxDuration"] = "00:00:02" });
        var model = await adapters.ModelAsync(family, "chunks=7,hang=3");
        var call = TestCall.Of(model, stream: true);

        var answer = await adapters.AskAsync(call);

        Assert.Equal((true, 15, "max_duration"), (answer.IsBroken, answer.Content.Length, answer.Error.GetProperty("code").GetString()));
        await Eventually.Equal(call.Row(model, EndCause.MaxDuration, new TokenCounts(family.PromptOnceBegun(call), family.Count(answer.Content), 0, Estimated: true)), () => adapters.UsageOfAsync(call.RequestId));
    }

    [Fact]
    public async Task A_plain_answer_that_drips_past_the_maximum_duration_costs_the_prompt()
    {
        var adapters = await fixture.SharedAsync(new() { ["Calls:MaxDuration"] = "00:00:01" });
        var model = await adapters.ModelAsync(family, "hang=3");
        var call = TestCall.Of(model, stream: false);

        var answer = await adapters.AskAsync(call);

        Assert.Equal((504, "provider_timeout", "max_duration"), (answer.Status, answer.Failure, answer.Error.GetProperty("code").GetString()));
        await Eventually.Equal(call.Row(model, EndCause.MaxDuration, new TokenCounts(family.CountPrompt(call), 0, 0, Estimated: true)), () => adapters.UsageOfAsync(call.RequestId));
    }

    [Fact]
    public async Task The_holds_of_running_calls_are_renewed_and_silent_streams_get_heartbeats()
    {
        var adapters = await fixture.SharedAsync(new() { ["Calls:RenewInterval"] = "00:00:00.200", ["Calls:HeartbeatInterval"] = "00:00:00.300" });
        var model = await adapters.ModelAsync(family, "chunks=7,hang=3");
        var call = TestCall.Of(model, stream: true);

        await using var running = await adapters.StartAsync(call);
        await Eventually.True(() => fixture.Peers.Renewed.GetValueOrDefault(call.RequestId) >= 2);
        await running.ReadUntilAsync(": keep-alive\n\n: keep-alive\n\n");
        await adapters.AbortAsync(call.RequestId);
        await Eventually.True(async () => await adapters.UsageOfAsync(call.RequestId) is not null);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_call_that_outlasts_the_drain_is_cut_free(bool stream)
    {
        var adapters = await fixture.StartAsync(new() { ["Calls:DrainLimit"] = "00:00:00.500" });
        var model = await adapters.ModelAsync(family, stream ? "chunks=7,hang=3" : "hang");
        var call = TestCall.Of(model, stream);

        var asking = adapters.StartAsync(call);
        await Eventually.Equal(1, () => adapters.OpenAtSandboxAsync(model));
        if (stream) await (await asking).ReadUntilAsync("Hello");
        await adapters.StopAsync();
        await using var running = await asking;
        var answer = await running.ReadAsync();

        Assert.Equal("service_unavailable", answer.Error.GetProperty("code").GetString());
        Assert.Equal((stream, stream ? 200 : 503), (answer.IsBroken, answer.Status));
        var row = await adapters.UsageOfAsync(call.RequestId);
        var prompt = stream ? family.PromptOnceBegun(call) : family.CountPrompt(call);
        Assert.Equal(call.Row(model, EndCause.DrainCut, new TokenCounts(prompt, family.Count(answer.Content), 0, Estimated: true)), row);
    }

    [Fact]
    public async Task A_stream_that_ends_within_the_drain_is_whole()
    {
        var adapters = await fixture.StartAsync(new() { ["Calls:DrainLimit"] = "00:00:30" });
        var model = await adapters.ModelAsync(family, "chunks=7,interval=150ms");
        var call = TestCall.Of(model, stream: true);

        await using var running = await adapters.StartAsync(call);
        await running.ReadUntilAsync("\"role\"");
        var stopping = adapters.StopAsync();
        var answer = await running.ReadAsync();
        await stopping;

        Assert.Equal((false, "[DONE]"), (answer.IsBroken, answer.Events[^1]));
        Assert.Equal(call.Row(model, EndCause.Completed, new TokenCounts(11, 9)), await adapters.UsageOfAsync(call.RequestId));
    }
}
