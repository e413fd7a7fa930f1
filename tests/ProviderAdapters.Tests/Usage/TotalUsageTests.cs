using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.ProviderAdapters.Tests.Usage;

public sealed class TotalUsageTests(AdaptersFixture fixture)
{
    [Fact]
    public async Task A_channels_day_is_told_once_and_again_with_the_next_revision_when_it_has_changed()
    {
        var adapters = await fixture.StartAsync();
        var total = ActivatorUtilities.CreateInstance<TotalUsage>(adapters.Service.Services);
        var usage = adapters.Service.Services.GetRequiredService<RecordUsage>();
        var channel = Guid.CreateVersion7();
        var now = TimeProvider.System.GetUtcNow();
        await usage.RecordAsync(Row(channel, now, EndCause.Completed));
        await usage.RecordAsync(Row(channel, now, EndCause.ProviderCut));
        await usage.RecordAsync(Row(channel, now.AddDays(-1), EndCause.Completed));

        Assert.Equal(2, await total.TotalAsync(CancellationToken.None));
        Assert.Equal(0, await total.TotalAsync(CancellationToken.None));
        await usage.RecordAsync(Row(channel, now.AddDays(-1), EndCause.Completed));
        Assert.Equal(1, await total.TotalAsync(CancellationToken.None));

        var (today, yesterday) = (DateOnly.FromDateTime(now.UtcDateTime), DateOnly.FromDateTime(now.UtcDateTime).AddDays(-1));
        await Eventually.Equal(3, () => Task.FromResult(fixture.Peers.Totals.Count(told => told.ChannelId == channel)));
        Assert.Equal(
            [(yesterday, 1, 1, 11, 9, 5), (yesterday, 2, 2, 22, 18, 10), (today, 1, 2, 22, 18, 10)],
            fixture.Peers.Totals.Where(told => told.ChannelId == channel).OrderBy(told => told.Day).ThenBy(told => told.Revision)
                .Select(told => (told.Day, told.Revision, told.Requests, told.InputTokens, told.OutputTokens, told.CachedInputTokens)));
    }

    private static UsageRow Row(Guid channel, DateTimeOffset at, EndCause cause) => new()
    {
        RequestId = Guid.CreateVersion7(at),
        AccountId = Guid.CreateVersion7(),
        KeyId = Guid.CreateVersion7(),
        Model = "model",
        Provider = "openai",
        ChannelId = channel,
        UpstreamModel = "up",
        EndCause = cause,
        ProviderAccepted = true,
        Streamed = false,
        Tokens = new TokenCounts(11, 9, 5),
        StartedAt = at,
        EndedAt = at,
    };
}
