using System.Net;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Metering;

/// <summary>Ends that the clock brings, with limits of seconds instead of minutes. Plain and streamed at once: each takes as long as its limit.</summary>
public sealed class TimedEndTests(Suite suite)
{
    private const long Opening = 1_000_000_000;
    private const int PromptTokens = 3 + 1 + 3 + 3;

    [Fact]
    public async Task Provider_timeout_is_free_plain_and_as_a_stream()
    {
        var model = await suite.ModelAsync("hang");
        await Task.WhenAll(new[] { false, true }.Select(async stream =>
        {
            var (account, key) = await suite.CustomerAsync(Opening);
            using var answer = await suite.ChatAsync(key, model, stream: stream);
            Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
            await Eventually.Equal((Opening, 0), () => suite.PointsOfAsync(account));
            Assert.Empty(await suite.ChargesOfAsync(account));
        }));
    }

    [Fact]
    public async Task Max_duration_costs_the_prompt_and_what_was_forwarded_plain_and_as_a_stream()
    {
        var (plainAccount, plainKey) = await suite.CustomerAsync(Opening);
        var (streamAccount, streamKey) = await suite.CustomerAsync(Opening);
        var model = await suite.ModelAsync("chunks=7,hang=3");

        var plain = suite.ChatAsync(plainKey, model);
        using var chat = await OpenChat.StartAsync(suite, streamKey, model);
        await chat.ReadAsync();
        Assert.Equal(("Hello! The sand", true), (chat.Content, chat.IsBroken));
        using var answer = await plain;
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);

        await Charges.AssertOneAsync(suite, streamAccount, PromptTokens, 4, "max_duration", isEstimated: true);
        await Charges.AssertOneAsync(suite, plainAccount, PromptTokens, 0, "max_duration", isEstimated: true);
    }
}
