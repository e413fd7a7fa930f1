using System.Net;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

public sealed class RaceTests(Suite suite)
{
    [Fact]
    public async Task Two_hundred_requests_at_once_on_points_for_ten_admit_exactly_ten()
    {
        // 100,000 micropoints for each of ten output tokens: a hold of one point, settled at the same.
        var gate = $"g{Guid.CreateVersion7():N}";
        var model = await suite.ModelAsync($"gate={gate},input=5,output=10", input: 0, output: 100_000_000);
        var (account, key) = await suite.CustomerAsync(10_000_000);

        var requests = Enumerable.Range(0, 200).Select(_ => suite.ChatAsync(key, model, maxTokens: 10)).ToArray();

        // The provider answers only after all are decided, so no settled call can pay for another.
        await Eventually.Equal(190, () => Task.FromResult(requests.Count(request => request.IsCompleted)), TimeSpan.FromSeconds(60));
        await suite.OpenGateAsync(gate);
        var statuses = (await Task.WhenAll(requests)).Select(response => response.StatusCode).ToArray();

        Assert.Equal(10, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(190, statuses.Count(status => status == HttpStatusCode.PaymentRequired));
        await Eventually.Equal((0, 0), () => suite.PointsOfAsync(account));
        await Eventually.Equal(10, async () => (await suite.ChargesOfAsync(account)).Length);
        Assert.Equal("", await suite.AuditAsync());
    }
}
