using System.Text;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>What the classifier is told about the terms and words of the rule files.</summary>
public sealed class LexiconTests
{
    private static readonly RuleSet Rules = Compile(
        """{"category":"hate","terms":{"a":["apple","fig"]},"words":{"hate.words.fruit":["apple","pear","plum","sloe"]},"rules":[{"id":"hate.x","clause":"c","severity":"p1","match":"a"}]}""",
        """{"category":"sexual","words":{"sexual.words.fruit":["pear"]}}""");

    [Fact]
    public void Words_are_told_and_break_no_rule()
    {
        Assert.Empty(Read("bread, please").Rows);
        Assert.Equal((3, 0), (Read("plum, please").Rows.Count, Read("plum, please").Found));
        Assert.Equal(1, Read("apple, please").Found);
    }

    [Fact]
    public void It_does_not_matter_which_word_of_a_group_it_is_nor_how_it_is_written() => Assert.Equal(Read("plum, plum, now").Rows, Read("plum, ＳＬＯＥ, now").Rows);

    [Fact]
    public void How_many_words_there_are_is_told_up_to_four()
    {
        var told = Enumerable.Range(1, 6).Select(count => Read(string.Concat(Enumerable.Repeat("plum ", count)).PadRight(4000, 'x')).Rows).ToArray();

        Assert.Equal(4, told.Distinct(HashSet<int>.CreateSetComparer()).Count());
    }

    [Fact]
    public void How_dense_they_stand_is_told() => Assert.NotEqual(Read("plum plum").Rows, Read("plum plum" + string.Concat(Enumerable.Repeat(" bread", 60))).Rows);

    [Fact]
    public void A_word_of_two_categories_counts_for_both() => Assert.Equal(Read("plum bread").Rows.Count * 2, Read("pear bread").Rows.Count);

    [Fact]
    public void Words_do_not_change_what_is_told_of_the_terms_of_rules() => Assert.Superset(Read("fig, soup, soup, soup").Rows, Read("fig, plum, pear, plum").Rows);

    private static (HashSet<int> Rows, int Found) Read(string text)
    {
        var scan = new RuleScan(Rules);
        new TextFold(text).Fill(scan.Folded);
        var found = new List<RuleHit>();
        scan.Run(RuleStages.Both, found);
        var rows = new int[Lexicon.Rows];
        var count = new Lexicon(Rules).Read(scan.Terms, text.Length, rows);
        return ([.. rows.Take(count)], found.Count);
    }

    private static RuleSet Compile(params string[] files) => RuleSet.Compile(
        files.Select(json =>
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
            return RuleFile.Parse(stream);
        }),
        "test");
}
