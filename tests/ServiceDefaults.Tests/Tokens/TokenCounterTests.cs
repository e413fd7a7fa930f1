using Aigc2d.ServiceDefaults.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ServiceDefaults.Tests.Tokens;

public sealed class TokenCounterTests
{
    private const string Chinese = "您好，很高兴遇见你!，我是AIGC2D";

    [Theory]
    [InlineData("openai", "gpt-4o-mini-2024-07-18", 15, true)]
    [InlineData("openai", "gpt-4.1-nano", 15, true)]
    [InlineData("openai", "gpt-5.2-pro", 15, true)]
    [InlineData("openai", "o4-mini", 15, true)]
    [InlineData("openai", "gpt-4", 21, true)]
    [InlineData("openai", "gpt-4-turbo", 21, true)]
    [InlineData("openai", "gpt-4-32k", 21, true)]
    [InlineData("openai", "GPT-3.5-Turbo", 21, true)]
    [InlineData("openai", "openai/gpt-3.5-turbo", 21, true)]
    [InlineData("openai", "text-embedding-3-small", 21, true)]
    [InlineData("openai", "deepseek-chat", 18, false)]
    [InlineData(null, "anything", 18, false)]
    [InlineData("anthropic", "claude-3-5-haiku-latest", 24, false)]
    [InlineData("anthropic", "claude-opus-4-6", 24, false)]
    [InlineData("anthropic", "claude-sonnet-5", 28, false)]
    [InlineData("anthropic", "renamed", 28, false)]
    [InlineData("wenxin", "ernie-speed-128k", 10, false)]
    [InlineData("wenxin-v2", "renamed", 10, false)]
    public void Each_family_has_its_counter(string? provider, string model, int expected, bool isExact)
    {
        var counter = TokenCounter.For(provider, model);
        Assert.Equal((expected, isExact), (counter.Count(Chinese), counter.IsExact));
    }

    [Fact]
    public void A_growing_text_counts_what_the_whole_text_counts() => Prop.ForAll(Gen.Choose(1, 9_000).ListOf(12).ToArbitrary(), lengths =>
    {
        var counter = TokenCounter.For("openai", "gpt-4o");
        var sentence = "Streams of 人工智能 don't end; they 123456 drift\n\n on. 😀";
        var whole = string.Concat(Enumerable.Repeat(sentence, 1 + (lengths.Sum() / sentence.Length)))[..lengths.Sum()];
        var growing = new GrowingText();
        var at = 0;
        foreach (var length in lengths)
        {
            growing.Append(whole.AsSpan(at, length), counter);
            at += length;
        }

        Assert.Equal(counter.Count(whole), growing.Count(counter));
        Assert.Equal(counter.Count(whole), growing.Count(counter));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Theory]
    [InlineData("gpt-4o", "a")]
    [InlineData("ernie-4", "汉")]
    public void A_text_without_a_place_to_cut_it_is_counted_within_a_token_or_two_per_cut(string model, string repeated)
    {
        var counter = TokenCounter.For(null, model);
        var whole = string.Concat(Enumerable.Repeat(repeated, 500_000));
        var growing = new GrowingText();
        for (var at = 0; at < whole.Length; at += 1_000) growing.Append(whole.AsSpan(at, 1_000), counter);

        Assert.InRange(growing.Count(counter), counter.Count(whole) - 16, counter.Count(whole) + 16);
    }
}
