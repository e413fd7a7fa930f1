using System.Text;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Tests.Rules;

/// <summary>How rules match, on a small rule set of harmless words.</summary>
public sealed class RuleScanTests
{
    private const string Files = """
        {
          "category": "hate",
          "terms": {
            "harmless": ["green apple*"],
            "fruit": ["apple", "pear*", "苹果", "西红柿"], "eat": ["eat", "how do i eat", "吃", "品尝"], "tool": ["fork"], "calm": ["peace"], "long": ["fruit salad", "salad"], "it's": ["it's ripe"]
          },
          "rules": [
            { "id": "hate.sequence", "clause": "test", "severity": "p1", "match": "eat <6> fruit <6> tool" },
            { "id": "hate.near", "clause": "test", "severity": "p2", "match": "fruit & fruit & tool within 30", "unless": "calm", "unlessWithin": 10 },
            { "id": "hate.either", "clause": "test", "severity": "p0", "match": "long|it's" },
            { "id": "hate.output", "clause": "test", "severity": "p1", "stages": "output", "match": "tool" }
          ]
        }
        """;

    private static readonly TextScreener Screener = new(RuleSet.Compile([RuleFile.Parse(new MemoryStream(Encoding.UTF8.GetBytes(Files)))], "test"));

    [Theory]
    [InlineData("eat an apple with fork", "hate.sequence")]
    [InlineData("eat pears by fork", "hate.sequence")]
    [InlineData("吃苹果 fork", "hate.sequence")]
    [InlineData("吃苹 果 fork", "hate.sequence")]
    [InlineData("吃苹，果子 fork", "")]
    [InlineData("吃,苹,果,fork", "hate.sequence")]
    [InlineData("我·吃·苹·果· fork", "hate.sequence")]
    [InlineData("我·吃·。·苹·果· fork", "")]
    [InlineData("我想吃西.红.柿配 fork", "hate.sequence")]
    [InlineData("我想吃西，红。柿配 fork", "hate.sequence")]
    [InlineData("我想吃西、红；柿配 fork", "hate.sequence")]
    [InlineData("我想吃西！红？柿配 fork", "hate.sequence")]
    [InlineData("我想吃西·红.柿配 fork", "hate.sequence")]
    [InlineData("我想吃西.红柿配 fork", "")]
    [InlineData("我想吃江西。红柿子配 fork", "")]
    [InlineData("你想.吃.苹，果么 fork", "hate.sequence")]
    [InlineData("你想吃.苹.果么 fork", "hate.sequence")]
    [InlineData("你想吃苹。果。么 fork", "hate.sequence")]
    [InlineData("你先吃。苹！果然 fork", "")]
    [InlineData("你先吃。苹。。果然 fork", "")]
    [InlineData("你先吃苹。果然 fork", "")]
    [InlineData("请吃.一.个.苹.果吧 fork", "hate.sequence")]
    [InlineData("请你品.尝一个苹，果用 fork", "hate.sequence")]
    [InlineData("请你品.尝一个西.红.柿用 fork", "hate.sequence")]
    [InlineData("请你品。尝一个苹果用 fork", "")]
    [InlineData("买苹.果上个月从老家的果园里寄来了给大家的苹.果 fork", "")]
    [InlineData("请你品尝苹。\n果子用 fork", "")]
    [InlineData("请你品.尝苹。\n果子用 fork", "")]
    [InlineData("买西.红.柿又买西.红.柿再备一把好用的 fork", "hate.near")]
    [InlineData("fork apple eat", "")]
    [InlineData("eat a wonderful apple with fork", "")]
    [InlineData("eat. apple fork", "")]
    [InlineData("eat pineapple fork", "")]
    [InlineData("eat apples fork", "")]
    [InlineData("eat green apple fork", "")]
    [InlineData("apple pear fork", "hate.near")]
    [InlineData("fork then a pear and an apple", "hate.near")]
    [InlineData("apple fork", "")]
    [InlineData("apple pear fork in peace", "")]
    [InlineData("peace of mind is a very fine thing. apple pear fork", "hate.near")]
    [InlineData("fruit salad", "hate.either")]
    [InlineData("fruitsalad", "hate.either")]
    [InlineData("its ripe", "hate.either")]
    [InlineData("eat apple with fork, and salad", "hate.either hate.sequence")]
    public void Rules_match_as_they_are_written(string text, string rules) =>
        Assert.Equal(rules, string.Join(' ', Screener.Screen([text], ScreeningStage.Prompt).Findings.Select(f => f.Rule.Id)));

    [Fact]
    public void A_finding_covers_the_words_of_the_original_text()
    {
        const string text = "They 𝐞𝐚𝐭 an ap\u200Bple with a f.o.r.k today";

        var finding = Assert.Single(Screener.Screen([text], ScreeningStage.Prompt).Findings);

        Assert.Equal("𝐞𝐚𝐭 an ap\u200Bple with a f.o.r.k", text[finding.Start..finding.End]);
    }

    [Fact]
    public void A_finding_in_an_encoded_part_covers_its_place_there()
    {
        var encoded = Convert.ToBase64String("please eat apple fork today"u8);
        var text = $"decode {encoded} now";

        var finding = Assert.Single(Screener.Screen([text], ScreeningStage.Prompt).Findings);

        Assert.InRange(finding.Start, 7, 7 + encoded.Length);
        Assert.InRange(finding.End, finding.Start + 1, 7 + encoded.Length);
    }

    [Fact]
    public void A_rule_for_answers_leaves_prompts_alone()
    {
        Assert.Equal(VerdictAction.Allow, Screener.Screen(["a fork"], ScreeningStage.Prompt).Action);
        Assert.Equal(VerdictAction.Block, Screener.Screen(["a fork"], ScreeningStage.Output).Action);
    }

    [Fact]
    public void The_gravest_rule_comes_first() =>
        Assert.Equal(["hate.either", "hate.sequence", "hate.near"], Screener.Screen(["eat apple fork pear salad"], ScreeningStage.Prompt).ToVerdict().Rules);

    [Fact]
    public void A_match_is_found_wherever_a_long_text_is_cut()
    {
        var missed = Enumerable.Range(0, 60).Select(i => 11_500 + i * 101).Where(at =>
        {
            var text = new string('x', at) + " eat an apple with fork " + new string('y', 20_000);
            var finding = Screener.Screen([text], ScreeningStage.Prompt).Findings.SingleOrDefault();
            return finding.Rule?.Id != "hate.sequence" || text[finding.Start..finding.End] != "eat an apple with fork";
        });

        Assert.Empty(missed);
    }

    [Theory]
    [InlineData("eat ")]
    [InlineData("apple ")]
    [InlineData("eat apple fork ")]
    [InlineData("apple pear fork peace ")]
    [InlineData("green apple ")]
    [InlineData("e a t ")]
    [InlineData("3at ")]
    [InlineData("吃苹")]
    [InlineData("吃.苹")]
    [InlineData("吃苹.果")]
    [InlineData("品.尝苹.果")]
    [InlineData("%65%61%74")]
    [InlineData("aaaa")]
    [InlineData("\uFDFA")]
    [InlineData("\u0301")]
    [InlineData("ff ")]
    public void Work_grows_with_the_text_and_not_faster(string unit)
    {
        long WorkOn(int length)
        {
            var desk = new Desk(Screener.Rules);
            desk.Read(string.Concat(Enumerable.Repeat(unit, length / unit.Length)), 0, RuleStages.Both);
            return desk.Work;
        }

        Assert.InRange(WorkOn(300_000), 0, 4 * WorkOn(100_000));
    }
}
