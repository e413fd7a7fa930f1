using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Metering;

/// <summary>Calls that a process of ours cuts by dying or by stopping are free, plain and as a stream. Nothing else runs meanwhile.</summary>
[Collection(nameof(OurFaultTests))]
[CollectionDefinition(nameof(OurFaultTests), DisableParallelization = true)]
public sealed class OurFaultTests(Suite suite)
{
    private const long Opening = 1_000_000_000;

    [Fact]
    public Task Platform_crash_is_free_plain_and_as_a_stream() => AssertFreeAsync("gateway", () => suite.KillAsync("gateway"));

    [Fact]
    public Task Drain_cut_is_free_plain_and_as_a_stream() => AssertFreeAsync("adapters", () => Task.CompletedTask);

    private async Task AssertFreeAsync(string service, Func<Task> end)
    {
        var (plainAccount, plainKey) = await suite.CustomerAsync(Opening);
        var (streamAccount, streamKey) = await suite.CustomerAsync(Opening);
        var script = $"chunks=7,hang=3,code=c{Guid.CreateVersion7():N}";
        var model = await suite.ModelAsync(script);

        var plain = suite.ChatAsync(plainKey, model);
        using var chat = await OpenChat.StartAsync(suite, streamKey, model);
        await chat.ReadAsync("Hello! The sand".Length);
        await Eventually.Equal(2, () => suite.OpenUpstreamAsync(script));
        await end();
        await suite.RestartAsync(service);
        await chat.ReadAsync();

        Assert.Equal((false, false), (await IsAnsweredAsync(plain), chat.IsDone));
        foreach (var account in new[] { plainAccount, streamAccount })
        {
            await Eventually.Equal((Opening, 0), () => suite.PointsOfAsync(account));
            Assert.Empty(await suite.ChargesOfAsync(account));
        }

        Assert.Equal("", await suite.AuditAsync());
    }

    private static async Task<bool> IsAnsweredAsync(Task<HttpResponseMessage> asking)
    {
        try
        {
            using var answer = await asking;
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
