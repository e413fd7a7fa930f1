using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Parts of our own that are down: the client is not charged and not shown what was not screened.</summary>
public abstract class OurOutages(AdaptersFixture fixture, Family family)
{
    private static readonly int FreePort = TestSockets.FreePort();

    [Theory, InlineData(false), InlineData(true)]
    public async Task Nothing_unscreened_is_shown_while_moderation_is_down(bool stream)
    {
        var adapters = await fixture.SharedAsync(new()
        {
            ["services:moderation:http:0"] = $"http://127.0.0.1:{FreePort}",
            ["Calls:ScreeningPatience"] = "00:00:00.500",
        });
        var model = await adapters.ModelAsync(family);
        var call = TestCall.Of(model, stream);

        var answer = await adapters.AskAsync(call);

        var hasBegun = stream && family.OpensWithRole;
        Assert.Equal((hasBegun ? 200 : 503, hasBegun, "service_unavailable"), (answer.Status, answer.IsBroken, answer.Error.GetProperty("code").GetString()));
        Assert.Equal("", answer.Content);
        await Eventually.Equal(call.Row(model, EndCause.PlatformCrash, new TokenCounts(11, 0, 0, Estimated: true)), () => adapters.UsageOfAsync(call.RequestId));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_whose_usage_cannot_be_recorded_is_not_completed(bool stream)
    {
        var adapters = await fixture.StartAsync();
        var model = await adapters.ModelAsync(family);
        await adapters.ExecuteAsync("revoke insert on usage_records from adapters_app");

        var answer = await adapters.AskAsync(TestCall.Of(model, stream));

        Assert.Equal((stream ? 200 : 503, stream, "service_unavailable"), (answer.Status, answer.IsBroken, answer.Error.GetProperty("code").GetString()));
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_seen_done_has_a_committed_record()
    {
        var model = await fixture.Adapters.ModelAsync(family);
        var call = TestCall.Of(model, stream: true);

        await using var running = await fixture.Adapters.StartAsync(call);
        await running.ReadUntilAsync("[DONE]");

        Assert.Equal(call.Row(model, EndCause.Completed, new TokenCounts(11, 9)), await fixture.Adapters.UsageOfAsync(call.RequestId));
    }
}
