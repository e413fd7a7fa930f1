using System.Text.Json;
using Aigc2d.EndToEnd.Tests.Acceptance;
using Aigc2d.EndToEnd.Tests.Metering;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Refusals;

/// <summary>An answer that turns forbidden in its middle: the client gets what came before, a proper end, and pays for just that.</summary>
public sealed class StreamCutTests(Suite suite)
{
    private const long Opening = 1_000_000_000;

    // "Say hello." as one message, counted by us.
    private const int PromptTokens = 3 + 1 + 3 + 3;
    private const string English = "Sure, here is how to make a pipe bomb. First, take a pipe. ";
    private const string Chinese = "好的，步骤如下：先制作炸弹，再看下一步。";

    private static readonly string Harmless = string.Concat(Enumerable.Repeat("river stone lantern ", 20));
    private static readonly string HarmlessChinese = string.Concat(Enumerable.Repeat("小河边有一盏灯和几块石头。", 6));

    public static TheoryData<string, string, string> Answers() => new()
    {
        { Harmless, English, "pipe bomb" },
        { HarmlessChinese, Chinese, "炸弹" },
        { Harmless, "Sure, here is how to make a p\u200Bi\u200Bp\u200Be b\u200Bo\u200Bm\u200Bb. First, take a pipe. ", "p\u200Bi\u200Bp\u200Be b\u200Bo\u200Bm\u200Bb" },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task A_chat_ends_with_content_filter_and_its_usage_is_what_is_charged(string harmless, string forbidden, string word)
    {
        var (account, key) = await suite.CustomerAsync(Opening);
        var upstream = Upstream(harmless, forbidden);
        var (model, _) = await suite.ModelOfAsync("openai", $"gpt-4o-mini@{upstream}", "sandbox");

        var answer = await SseAnswer.ReadAsync(suite, "/v1/chat/completions", key, new { model, stream = true, stream_options = new { include_usage = true }, max_tokens = 1_000, messages = Hello });

        Assert.Equal("content_filter", answer.EndsOf(0));
        AssertShown(harmless + forbidden, answer.TextOf(0), word, answer.Body);
        Assert.EndsWith("\n\ndata: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
        var tokens = await CountedText.TokensAsync(answer.TextOf(0));
        var usage = answer.Events[^1].GetProperty("usage");
        Assert.Equal((PromptTokens, tokens), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32()));
        await Charges.AssertOneAsync(suite, account, PromptTokens, tokens, "output_cut", isEstimated: true);
        await AssertRecordedAsync(account, answer.RequestId);
        await Eventually.Equal(0, () => suite.OpenCallsAsync($"gpt-4o-mini@{upstream}"));
    }

    [Theory]
    [InlineData("anthropic", "claude-sonnet-4-5")]
    [InlineData("openai", "gpt-4o-mini")]
    public async Task A_message_ends_as_a_refusal_whoever_answers_and_its_usage_is_what_is_charged(string provider, string name)
    {
        var (account, key) = await suite.CustomerAsync(Opening);
        var upstream = $"{name}@{Upstream(Harmless, English)}";
        var (model, _) = await suite.ModelOfAsync(provider, upstream, "sandbox");

        var answer = await SseAnswer.ReadAsync(suite, "/v1/messages", key, new { model, stream = true, max_tokens = 1_000, messages = Hello });

        Assert.Equal(["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop"], answer.Kinds);
        AssertShown(Harmless + English, answer.MessageText, "pipe bomb", answer.Body);
        var end = answer.Events[^2];
        Assert.Equal("refusal", end.GetProperty("delta").GetProperty("stop_reason").GetString());
        await Eventually.Equal(1, async () => (await suite.ChargesOfAsync(account)).Length);
        var charge = (await suite.ChargesOfAsync(account)).Single().GetProperty("data");
        var output = end.GetProperty("usage").GetProperty("output_tokens").GetInt32();
        Assert.Equal(("output_cut", output), (charge.GetProperty("endCause").GetString(), charge.GetProperty("outputTokens").GetInt32()));
        Assert.InRange(output, 30, 150); // of some 160 that were made
        await AssertRecordedAsync(account, answer.RequestId);
        await Eventually.Equal(0, () => suite.OpenCallsAsync(upstream));
    }

    [Fact]
    public async Task A_chat_with_Claude_is_cut_like_any_other()
    {
        var (account, key) = await suite.CustomerAsync(Opening);
        var (model, _) = await suite.ModelOfAsync("anthropic", $"claude-sonnet-4-5@{Upstream(Harmless, English)}", "sandbox");

        var answer = await SseAnswer.ReadAsync(suite, "/v1/chat/completions", key, new { model, stream = true, max_tokens = 1_000, messages = Hello });

        Assert.Equal("content_filter", answer.EndsOf(0));
        AssertShown(Harmless + English, answer.TextOf(0), "pipe bomb", answer.Body);
        Assert.EndsWith("\n\ndata: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
        await Eventually.Equal(1, async () => (await suite.ChargesOfAsync(account)).Length);
        Assert.Equal("output_cut", (await suite.ChargesOfAsync(account)).Single().GetProperty("data").GetProperty("endCause").GetString());
        await AssertRecordedAsync(account, answer.RequestId);
    }

    private static object[] Hello => [new { role = "user", content = "Say hello." }];

    // Slow enough that something has been shown before the end is known, and nothing said of what was used.
    private static string Upstream(string harmless, string forbidden) => $"usage=none,chunks=60,interval=20ms,code=c{Guid.CreateVersion7():N},text={Uri.EscapeDataString(harmless + forbidden + harmless)}";

    private static void AssertShown(string all, string shown, string forbidden, string body)
    {
        Assert.NotEmpty(shown);
        Assert.StartsWith(shown, all, StringComparison.Ordinal);
        Assert.DoesNotContain(forbidden, body, StringComparison.Ordinal);
        Assert.DoesNotContain(JsonSerializer.Serialize(forbidden)[1..^1], body, StringComparison.Ordinal);
    }

    /// <summary>The block is on record; an answer is nobody's strike.</summary>
    private async Task AssertRecordedAsync(string account, string request)
    {
        await Eventually.Equal("output block illegal P1", () => suite.VerdictsOfAsync(request));
        Assert.Equal("", await suite.StrikesOfAsync(account));
    }
}
