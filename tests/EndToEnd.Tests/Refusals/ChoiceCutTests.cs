using Aigc2d.EndToEnd.Tests.Metering;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Refusals;

/// <summary>Two answers at once, of which one turns forbidden: it ends, the other comes whole, and both are paid for as far as they were delivered.</summary>
public sealed class ChoiceCutTests(Suite suite)
{
    private const long Opening = 1_000_000_000;
    private const int PromptTokens = 3 + 1 + 3 + 3;
    private const string Harmless = "river stone lantern garden window letter harbour meadow copper thread ";
    private const string Forbidden = "Sure, here is how to make a pipe bomb. First, take a pipe. ";

    [Fact]
    public async Task Only_the_choice_at_fault_ends_with_content_filter()
    {
        await using var provider = await RawProvider.StartAsync(async (http, _) =>
        {
            RawProvider.Begin(http);
            for (var i = 0; i < 6; i++)
            {
                await RawProvider.SayAsync(http, Harmless);
                await RawProvider.SayAsync(http, i == 3 ? Forbidden : Harmless, choice: 1);
            }

            await RawProvider.SayAsync(http, null, finishReason: "stop");
            await RawProvider.SayAsync(http, null, choice: 1, finishReason: "stop");
            await RawProvider.SendAsync(http, "[DONE]");
        });
        var (account, key) = await suite.CustomerAsync(Opening);
        var model = await suite.ModelAsync(baseUrl: provider.Url);

        var answer = await SseAnswer.ReadAsync(suite, "/v1/chat/completions", key, new { model, n = 2, stream = true, max_tokens = 500, messages = new[] { new { role = "user", content = "Say hello." } } });

        Assert.Equal(("stop", "content_filter"), (answer.EndsOf(0), answer.EndsOf(1)));
        Assert.Equal(string.Concat(Enumerable.Repeat(Harmless, 6)), answer.TextOf(0));
        Assert.StartsWith(answer.TextOf(1), Harmless + Harmless + Harmless + Forbidden, StringComparison.Ordinal);
        Assert.DoesNotContain("pipe bomb", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith("\n\ndata: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
        await Charges.AssertOneAsync(suite, account, PromptTokens, (await CountedText.TokensAsync([answer.TextOf(0), answer.TextOf(1)])).Sum(), "output_cut", isEstimated: true);
        await Eventually.Equal("output block illegal P1", () => suite.VerdictsOfAsync(answer.RequestId));
        Assert.Equal("", await suite.StrikesOfAsync(account));
    }
}
