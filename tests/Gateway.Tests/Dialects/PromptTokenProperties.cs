using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.ServiceDefaults.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Gateway.Tests.Dialects;

/// <summary>What must hold for a hold's tokens whatever the text: near the exact count, never so far below it that the charge is cut, and quick.</summary>
public sealed class PromptTokenProperties
{
    // A charge is at most 1.25 × its hold.
    private const double MostBelow = 1 / 1.25;

    private static readonly TokenCounter Gpt4o = TokenCounter.ForHold("gpt-4o");

    [Fact]
    public void Up_to_the_bound_the_count_is_exact()
    {
        foreach (var kind in (string[])[.. SampleTexts.Natural, .. SampleTexts.Strange])
        {
            var text = SampleTexts.Of(kind, SampledTokens.ExactBytes / 4);
            foreach (var model in (string[])["gpt-4o", "gpt-4", "claude-sonnet-5"])
            {
                Assert.Equal(TokenCounter.ForHold(model).Count(text), TokensOf(model, text));
            }
        }
    }

    [Fact]
    public void Beyond_the_bound_every_kind_of_text_is_estimated_within_five_percent()
    {
        foreach (var kind in (string[])[.. SampleTexts.Natural, .. SampleTexts.Strange])
        {
            var text = SampleTexts.Of(kind, 150_000);
            AssertNear(Gpt4o.Count(text), TokensOf("gpt-4o", text), kind);
        }
    }

    [Fact]
    public void A_text_that_changes_in_the_middle_is_estimated_within_five_percent()
    {
        var halves = SampleTexts.Natural.Select(kind => (Kind: kind, Text: SampleTexts.Of(kind, 60_000))).Select(half => (half.Kind, half.Text, Tokens: Gpt4o.Count(half.Text))).ToArray();
        foreach (var (first, second) in halves.SelectMany(first => halves.Select(second => (first, second))))
        {
            AssertNear(first.Tokens + second.Tokens, TokensOf("gpt-4o", first.Text + second.Text), $"{first.Kind} then {second.Kind}");
        }
    }

    [Fact]
    public void Many_short_texts_count_like_one_long_one()
    {
        var text = SampleTexts.Of("english", 150_000);
        var prompt = new PromptTexts();
        foreach (var line in text.Chunk(100)) prompt.Add(new string(line));
        AssertNear(text.Chunk(100).Sum(line => (long)Gpt4o.Count(new string(line))), prompt.TokensFor("gpt-4o"), "chunks");
    }

    [Fact]
    public void No_mixture_is_held_for_so_little_that_its_charge_would_be_cut() => Prop.ForAll(Mixtures.ToArbitrary(), parts =>
    {
        var texts = parts.Select(part => SampleTexts.Of(part.Kind, part.Length, part.Seed)).ToArray();
        var prompt = new PromptTexts();
        foreach (var text in texts) prompt.Add(text);
        var exact = texts.Sum(text => (long)Gpt4o.Count(text));
        var held = prompt.TokensFor("gpt-4o");
        Assert.True(held >= exact * MostBelow && held <= exact / MostBelow, $"{held} held, {exact} counted: {string.Join(", ", parts)}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void Dense_text_between_spaces_never_pays_less_than_without_them()
    {
        // The thinnest text there is around the densest, in one piece and in many, with as much around it as tempts most.
        foreach (var (pieces, spaces) in ((int, int)[])[(1, 12), (300, 4), (300, 12), (2_000, 20)])
        {
            var dense = SampleTexts.Of("rare ideographs", 16_000);
            var text = string.Concat(dense.Chunk(dense.Length / pieces / 2 * 2).Select(piece => new string(piece) + new string(' ', piece.Length * 2 * spaces)));
            var (alone, exact) = (Gpt4o.Count(dense), Gpt4o.Count(text));
            var random = new Random(7);
            var paid = Enumerable.Range(0, 20).Average(_ => Math.Min(exact, 1.25 * SampledTokens.Count([text], Gpt4o, random)));
            Assert.True(paid >= alone, $"{pieces} pieces, {spaces} spaces: {paid} paid of {exact}, {alone} alone");
        }
    }

    [Fact]
    public void The_windows_lie_elsewhere_each_time()
    {
        var text = SampleTexts.Of("english", 150_000);
        Assert.True(Enumerable.Range(0, 10).Select(_ => TokensOf("gpt-4o", text)).Distinct().Count() > 5);
    }

    [Fact]
    public void The_largest_body_takes_hardly_longer_to_count_than_a_small_one()
    {
        foreach (var kind in (string[])["english", "letters"])
        {
            var (small, large) = (SampleTexts.Of(kind, SampledTokens.ExactBytes), string.Concat(Enumerable.Repeat(SampleTexts.Of(kind, 1 << 18), 64)));
            TokensOf("gpt-4o", small);
            var (shortest, longest) = (TimeOf(small), TimeOf(large));

            // Some 20 ms against some 10; counted in full it would be 250 times as much.
            Assert.True(longest < TimeSpan.FromMilliseconds(100) + (shortest * 20), $"{kind}: {longest} after {shortest}");
        }

        static TimeSpan TimeOf(string text)
        {
            var startedAt = Stopwatch.GetTimestamp();
            TokensOf("gpt-4o", text);
            return Stopwatch.GetElapsedTime(startedAt);
        }
    }

    [Fact]
    public void A_body_of_long_text_is_read_with_the_same_estimate()
    {
        var text = SampleTexts.Of("base64", 200_000);
        Assert.True(new ChatBody().TryRead(Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}],"model":"gpt-4o"}"""), out var request, out _));
        AssertNear(7 + Gpt4o.Count(text), request.InputTokens, "body");
    }

    private static Gen<(string Kind, int Length, int Seed)[]> Mixtures =>
        (from kind in Gen.Elements<string>([.. SampleTexts.Natural, .. SampleTexts.Strange])
         from length in Gen.Frequency((3, Gen.Choose(1, 3_000)), (2, Gen.Choose(3_000, 40_000)))
         from seed in Gen.Choose(1, 1_000_000)
         select (kind, length, seed)).ArrayOf(8);

    private static void AssertNear(long exact, long estimated, string what) =>
        Assert.True(estimated >= exact * 0.95 && estimated <= exact * 1.05, $"{what}: {estimated} estimated, {exact} counted");

    private static int TokensOf(string model, string text)
    {
        var prompt = new PromptTexts();
        prompt.Add(text);
        return prompt.TokensFor(model);
    }
}
