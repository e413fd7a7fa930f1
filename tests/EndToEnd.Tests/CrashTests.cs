using Aigc2d.EndToEnd.Tests.Finance;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>A process of ours dies in the middle of the work: what was answered is charged once, nothing else is, and nothing stays held.</summary>
[Collection(nameof(CrashTests))]
[CollectionDefinition(nameof(CrashTests), DisableParallelization = true)]
public sealed class CrashTests(Suite suite)
{
    private const long Opening = 1_000_000_000;

    // A hold dies 90 s after its last renewal; Billing's sweeper waits as long after a start and looks every 5 s.
    private static readonly TimeSpan HoldsAreGone = TimeSpan.FromSeconds(200);

    [Theory]
    [InlineData("billing")]
    [InlineData("adapters")]
    [InlineData("messaging")]
    public async Task Every_answered_request_is_charged_once_and_no_hold_stays(string victim)
    {
        var (account, key) = await suite.CustomerAsync(Opening);
        var model = await suite.ModelAsync("delay=300ms,chunks=5,interval=20ms,input=11,output=9");

        var calls = new List<Task<(string Id, bool Answered)>>();
        for (var i = 0; i < 200; i++)
        {
            calls.Add(CallAsync(key, model, stream: i % 2 == 0));
            if (i == 100) await suite.KillAsync(victim);
            await Task.Delay(10);
        }

        await suite.RestartAsync(victim);
        var answered = (await Task.WhenAll(calls)).Where(call => call.Answered).Select(call => call.Id).ToHashSet();
        using (var afterwards = await RetriedAsync(key, model)) Assert.True(afterwards.IsSuccessStatusCode);

        await Eventually.Equal(0, async () => (await suite.PointsOfAsync(account)).Held, HoldsAreGone);
        await AssertChargedAsync(account, answered);

        var charges = await suite.ChargesOfAsync(account);
        var ids = charges.Select(charge => charge.GetProperty("data").GetProperty("requestId").GetString()!).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(Opening + charges.Sum(charge => charge.GetProperty("data").GetProperty("amountMicropoints").GetInt64()), (await suite.PointsOfAsync(account)).Balance);
        Assert.Equal("", await suite.AuditAsync());
        Assert.True(answered.Count > 20, $"only {answered.Count} of 200 were answered");
    }

    private async Task AssertChargedAsync(string account, HashSet<string> answered)
    {
        try
        {
            await Eventually.True(async () => answered.IsSubsetOf(await ChargedAsync(account)), TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            Assert.Fail(await ChargeTrail.OfAsync(suite, [.. answered.Except(await ChargedAsync(account))]));
        }
    }

    private async Task<HashSet<string>> ChargedAsync(string account) =>
        [.. (await suite.ChargesOfAsync(account)).Select(charge => charge.GetProperty("data").GetProperty("requestId").GetString()!)];

    private async Task<(string Id, bool Answered)> CallAsync(string key, string model, bool stream)
    {
        try
        {
            using var response = await suite.ChatAsync(key, model, stream: stream);
            var body = await response.Content.ReadAsStringAsync();
            return (response.Headers.GetValues("x-request-id").Single(), response.IsSuccessStatusCode && (!stream || body.Contains("data: [DONE]", StringComparison.Ordinal)));
        }
        catch (HttpRequestException)
        {
            return ("", false);
        }
    }

    private async Task<HttpResponseMessage> RetriedAsync(string key, string model)
    {
        var response = await suite.ChatAsync(key, model);
        for (var tries = 0; tries < 40 && !response.IsSuccessStatusCode; tries++)
        {
            response.Dispose();
            await Task.Delay(250);
            response = await suite.ChatAsync(key, model);
        }

        return response;
    }
}
