using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Parts of our own that are down: the client is not charged and not shown what was not screened.</summary>
public sealed class OurOutages(AdaptersFixture fixture)
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Nothing_unscreened_is_shown_while_moderation_is_down(bool stream)
    {
        var adapters = await fixture.StartAsync(new()
        {
            ["services:moderation:http:0"] = $"http://127.0.0.1:{TestSockets.FreePort()}",
            ["Calls:ScreeningPatience"] = "00:00:00.500",
        });
        var model = await adapters.ModelAsync();
        var call = TestCall.Of(model, stream);

        var answer = await adapters.AskAsync(call);

        Assert.Equal((stream ? 200 : 503, stream, "service_unavailable"), (answer.Status, answer.IsBroken, answer.Error.GetProperty("code").GetString()));
        Assert.Equal("", answer.Content);
        await Eventually.Equal(call.Row(model, EndCause.PlatformCrash, new TokenCounts(11, 0, 0, Estimated: true)), () => adapters.UsageOfAsync(call.RequestId));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_whose_usage_cannot_be_recorded_is_not_completed(bool stream)
    {
        var adapters = await fixture.StartAsync();
        var model = await adapters.ModelAsync();
        await adapters.ExecuteAsync("revoke insert on usage_records from adapters_app");

        var answer = await adapters.AskAsync(TestCall.Of(model, stream));

        Assert.Equal((stream ? 200 : 503, stream, "service_unavailable"), (answer.Status, answer.IsBroken, answer.Error.GetProperty("code").GetString()));
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_seen_done_has_a_committed_record()
    {
        var model = await fixture.Adapters.ModelAsync();
        var call = TestCall.Of(model, stream: true);

        await using var running = await fixture.Adapters.StartAsync(call);
        await running.ReadUntilAsync("[DONE]");

        Assert.Equal(call.Row(model, EndCause.Completed, new TokenCounts(11, 9)), await fixture.Adapters.UsageOfAsync(call.RequestId));
    }

    [Fact]
    public async Task A_request_id_is_asked_once()
    {
        var model = await fixture.Adapters.ModelAsync();
        var call = TestCall.Of(model, stream: false);

        var first = await fixture.Adapters.AskAsync(call);
        var second = await fixture.Adapters.AskAsync(call);

        Assert.Equal((200, 409), (first.Status, second.Status));
        Assert.Single(await fixture.Adapters.ReceivedAtSandboxAsync(model));
    }

    [Fact]
    public async Task A_request_id_that_another_process_has_recorded_is_not_completed_again()
    {
        var database = fixture.NewDatabase();
        var earlier = await fixture.StartAsync(database: database);
        var later = await fixture.StartAsync(database: database);
        var model = await earlier.ModelAsync();
        var call = TestCall.Of(model, stream: false);

        var first = await earlier.AskAsync(call);
        await Eventually.True(async () => (await later.Client.GetStringAsync(new Uri("/internal/models", UriKind.Relative))).Contains(model.Name, StringComparison.Ordinal));
        var second = await later.AskAsync(call);

        Assert.Equal((200, 503), (first.Status, second.Status));
        await Eventually.True(() => fixture.Peers.Usages.Any(usage => usage.RequestId == call.RequestId));
        Assert.Single(fixture.Peers.Usages, usage => usage.RequestId == call.RequestId);
        Assert.Equal(0L, await later.ExecuteAsync("select count(*) from outbox_messages where attempts > 0"));
    }
}
