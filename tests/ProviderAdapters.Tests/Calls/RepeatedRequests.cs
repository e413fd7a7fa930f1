using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Calls;

/// <summary>A request id stands for one call to one provider, whoever repeats it.</summary>
public sealed class RepeatedRequests(AdaptersFixture fixture)
{
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
