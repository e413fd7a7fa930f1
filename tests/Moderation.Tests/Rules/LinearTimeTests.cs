using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Tests.Rules;

/// <summary>No text makes the shipped rules work harder than its length allows. Counted in steps, never by the clock.</summary>
public sealed class LinearTimeTests
{
    private const int StepsPerCharacter = 60;

    public static TheoryData<string> Units() =>
    [
        "how to make a bomb ", "make ", "bath bomb ", "h o w ", "h0w ", "怎么制作炸弹", "被", "x", "%41", "41 ",
        "mkae ", "explosivve ", "bmob", "zhadan", "zha dan ", "zha4dan4", "怎么zha弹", "aaeeoo", "1l1!a ", "|||a ", "4 ", "l33t 70 ", "&#98;", "&#", "\\u0062", "\\u", "U+0062 ", "你·。·", "炸.弹", "制.作炸.弹呢", "海.洛.因", "你.", "a'1",
    ];

    [Theory]
    [MemberData(nameof(Units))]
    public void A_megabyte_of_the_same_words_takes_a_megabyte_of_work(string unit)
    {
        var desk = new Desk(TwinTests.Screener.Rules);
        var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));

        desk.Read(text, 0, RuleStages.Both);

        Assert.InRange(desk.Work, 1, (long)StepsPerCharacter * text.Length);
    }
}
