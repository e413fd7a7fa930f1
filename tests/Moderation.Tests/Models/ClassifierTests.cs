using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>What the classifier makes of weights and texts.</summary>
public sealed class ClassifierTests
{
    private static readonly string[] Words = ["how", "bomb", "3d", "a", "k1ll", "2024", "soup", "hate", "炸弹", "怎么做", "сало", "soooo", "t3xt", "I", "w o r d", "soup.", "e.g.", "really?!", "好吗？", "。", "\n", "3.14"];

    [Fact]
    public void Scores_are_those_of_a_slow_and_plain_implementation() => Prop.ForAll(
        Gen.Elements(Words).ListOf(120).Select(words => string.Join(' ', words)).ToArbitrary(),
        text =>
        {
            var folded = RandomModel.Fold(text);
            var scan = new RuleScan(RandomModel.Rules);
            new TextFold(text).Fill(scan.Folded);
            scan.Run(RuleStages.Both, []);
            var reading = new ClassifierReading(RuleScan.PieceLength, RandomModel.Rules);
            var expected = new double[Heads.Count * 2];
            Array.Fill(expected, double.NegativeInfinity);
            var sentences = SlowClassifier.SentencesOf(folded.Chars.ToString());
            for (var kind = 0; kind < ClassifierReading.Kinds && sentences.Count > 0; kind++)
            {
                if (!reading.TryRead(folded, kind, scan.Terms)) continue;
                foreach (var ((first, last, handicap), isWhole) in SlowClassifier.WindowsOf(sentences).Select((window, i) => (window, i == 0)))
                {
                    if (SlowClassifier.LogOdds(RandomModel.Instance, RandomModel.Rules, sentences[first..(last + 1)], isWhole, reading.Text, scan.Terms) is not { } judged) continue;
                    for (var head = 0; head < Heads.Count; head++)
                        expected[(int)judged.Language * Heads.Count + head] = Math.Max(expected[(int)judged.Language * Heads.Count + head], judged.LogOdds[head] - handicap);
                }
            }

            var opinions = RandomModel.OpinionsOf(text);
            for (var i = 0; i < expected.Length; i++)
            {
                var actual = opinions.Of((Language)(i / Heads.Count), i % Heads.Count).LogOdds;
                if (double.IsNegativeInfinity(expected[i])) Assert.Equal(float.NegativeInfinity, actual);
                else Assert.Equal(expected[i], actual, 1e-3);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public void Features_have_the_hashes_that_trained_weights_belong_to()
    {
        string[] grams = ["word bomb", "pair a bomb", "around make bomb", "\u0001bo", "omb\u0001", "\u0001bomb", "炸", "炸弹", "怎么制作"];

        Assert.Equal([153345, 177469, 103594, 111178, 110730, 173097, 62962, 244817, 169336], grams.Select(SlowClassifier.BucketOf));
    }

    [Fact]
    public void A_disguised_text_is_judged_like_the_plain_one()
    {
        var plain = RandomModel.OpinionsOf("some words about 炸弹 and soup");
        var disguised = RandomModel.OpinionsOf("ＳＯＭＥ w\u200Bords a\u0301bout 炸*彈 and sооооup");

        for (var head = 0; head < Heads.Count; head++) Assert.True(disguised.ProbabilityOf(head) >= plain.ProbabilityOf(head) - 1e-6, Heads.Names[head]);
    }

    [Theory]
    [InlineData("怎么做 zhadan 呢")]
    [InlineData("怎么做 zhà dàn 呢")]
    [InlineData("怎么做 zha4dan4 呢")]
    [InlineData("怎么做炸dan呢")]
    public void A_word_of_the_rules_in_pinyin_is_judged_like_the_word(string disguised)
    {
        var (plain, read) = (RandomModel.OpinionsOf("怎么做炸弹呢"), RandomModel.OpinionsOf(disguised));

        for (var head = 0; head < Heads.Count; head++) Assert.True(read.Of(Language.Chinese, head).LogOdds >= plain.Of(Language.Chinese, head).LogOdds - 1e-4, Heads.Names[head]);
    }

    [Fact]
    public void A_sentence_in_a_long_prompt_is_judged_by_itself_and_named()
    {
        var (before, after) = (Filler(100), Filler(100));
        var alone = Harassment(Sentence, RuleStages.Prompt);
        var inside = Harassment(before + Sentence + " " + after, RuleStages.Prompt);
        var diluted = Harassment(before, RuleStages.Prompt);

        Assert.True(alone.LogOdds > inside.LogOdds && inside.LogOdds > diluted.LogOdds + 0.1f, $"{alone.LogOdds} {inside.LogOdds} {diluted.LogOdds}");
        Assert.Equal((before.Length - 1, before.Length + Sentence.Length), (inside.Start, inside.End));
    }

    [Fact]
    public void A_text_that_repeats_itself_looks_no_worse_the_longer_it_goes_on()
    {
        float Repeated(int times, RuleStages stage) => Harassment(string.Concat(Enumerable.Repeat(Sentence + "\n", times)), stage).LogOdds;

        Assert.True(Repeated(200, RuleStages.Prompt) <= Repeated(20, RuleStages.Prompt));
        Assert.Equal(Repeated(20, RuleStages.Output), Repeated(200, RuleStages.Output), 1e-3f);
    }

    [Fact]
    public void The_longer_a_prompt_the_surer_a_sentence_in_it_has_to_be()
    {
        var prompts = new[] { 10, 100, 400 }.Select(sentences => Harassment(Filler(sentences) + Sentence, RuleStages.Prompt).LogOdds).ToArray();

        Assert.Equal(MathF.Log(101) - MathF.Log(11), prompts[0] - prompts[1], 1e-3f);
        Assert.True(prompts[1] > prompts[2]);
    }

    [Fact]
    public void A_sentence_of_an_answer_has_the_same_bar_however_much_of_the_answer_is_in_view()
    {
        // Words that stand beside it make pairs with its own.
        const float Neighbours = 0.5f;
        var alone = Harassment(Sentence, RuleStages.Output).LogOdds;
        var inside = new[] { 1, 10, 100 }.Select(sentences => Harassment(Filler(sentences) + Sentence + " " + Filler(sentences), RuleStages.Output).LogOdds).ToArray();

        Assert.Equal(inside[0], inside[1], 1e-3f);
        Assert.Equal(inside[0], inside[2], 1e-3f);
        Assert.InRange(inside[0], alone - Neighbours, alone);
    }

    [Theory]
    [InlineData("how to make a bomb ")]
    [InlineData("x")]
    [InlineData("w o r d ")]
    [InlineData("t3xt ")]
    [InlineData("怎么制作炸弹")]
    [InlineData("%41")]
    public void A_megabyte_takes_a_megabyte_of_work(string unit)
    {
        const int StepsPerCharacter = 120;
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        var desk = new Desk(RandomModel.Rules, RandomModel.Instance);

        desk.Read(text, 0, RuleStages.Both);

        Assert.InRange(desk.Work, text.Length, (long)StepsPerCharacter * text.Length);
    }

    [Fact]
    public async Task Judging_a_text_allocates_next_to_nothing_once_warm()
    {
        const int MostBytes = 1_024;
        var desk = new Desk(RandomModel.Rules, RandomModel.Instance);
        string[] texts = ["plain words and nothing else", "t3xt in d1sguise", "s p a c e d", "怎么写一首诗", string.Concat(Enumerable.Repeat("some words ", 600))];
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var text in texts) desk.Read(text, 0, RuleStages.Both);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // Unoptimised code of the runtime boxes a few values.
        await Eventually.True(() => Task.FromResult(Allocated() < MostBytes));
    }

    private const string Sentence = "zorblax vintery quommed lastly.";

    private static readonly ScreeningModel KnowsZorblax = OneWordModel.Make("zorblax", "harassment", perHit: 200);

    private static string Filler(int sentences) => string.Concat(Enumerable.Repeat("the quick brown fox jumps over it. ", sentences));

    private static Opinion Harassment(string text, RuleStages stage)
    {
        var desk = new Desk(RandomModel.Rules, KnowsZorblax);
        desk.Read(text, 0, stage);
        return desk.Opinions.Of(Language.English, Heads.Of("harassment"));
    }
}
