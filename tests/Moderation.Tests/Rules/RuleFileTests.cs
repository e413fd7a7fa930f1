using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Tests.Rules;

/// <summary>The linter of the rule files.</summary>
public sealed class RuleFileTests
{
    private static readonly IReadOnlyList<(string Name, RuleFile File)> Files = RuleFile.Embedded();

    [Fact]
    public void Every_category_has_rules_in_a_file_of_its_name()
    {
        var named = Files.Where(f => f.File.Category is not null && f.Name.Count(c => c == '.') == 1).Select(f => (f.Name, f.File.Category, HasRules: f.File.Rules.Length > 0));

        Assert.Equal(Categories.All.Order(StringComparer.Ordinal).Select(c => ($"{c}.json", (string?)c, true)), named);
    }

    [Fact]
    public void Every_category_but_child_safety_has_rules_for_English_and_for_Chinese()
    {
        var english = Files.SelectMany(f => f.File.Rules).Where(r => !r.Id.EndsWith(".zh", StringComparison.Ordinal)).Select(CategoryOf).Distinct().Order(StringComparer.Ordinal);
        var chinese = Files.SelectMany(f => f.File.Rules).Where(r => r.Id.EndsWith(".zh", StringComparison.Ordinal)).Select(CategoryOf).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Categories.All.Order(StringComparer.Ordinal), english);
        Assert.Equal(Categories.All.Order(StringComparer.Ordinal), chinese);
    }

    [Fact]
    public void Terms_are_written_as_they_are_read()
    {
        var unread = Files.SelectMany(f => f.File.Terms.Concat(f.File.Words)).SelectMany(t => t.Value).Where(t => TextFold.Whole(t) != t || t.Trim() != t || t.IndexOf('*') is >= 0 and var star && star != t.Length - 1);

        Assert.Empty(unread);
    }

    [Fact]
    public void No_group_names_a_term_twice()
    {
        var twice = Files.SelectMany(f => f.File.Terms.Concat(f.File.Words)).SelectMany(g => g.Value.GroupBy(t => t).Where(t => t.Count() > 1).Select(t => $"{g.Key}: {t.Key}"));

        Assert.Empty(twice);
    }

    [Fact]
    public void Every_group_is_used()
    {
        var used = Files.SelectMany(f => f.File.Rules).SelectMany(r => $"{r.Match} {r.Unless}".Split(' ', '|')).Append("harmless").ToHashSet();

        Assert.DoesNotContain(Files.SelectMany(f => f.File.Terms.Keys), g => !used.Contains(g));
    }

    [Fact]
    public void Words_are_named_after_their_category_and_language_and_no_rule_uses_them()
    {
        var words = Files.SelectMany(f => f.File.Words.Select(w => (Group: w.Key, f.File.Category, Words: w.Value))).ToArray();
        var used = Files.SelectMany(f => f.File.Rules).SelectMany(r => $"{r.Match} {r.Unless}".Split(' ', '|')).ToHashSet();

        Assert.DoesNotContain(words, w => !w.Group.StartsWith($"{w.Category}.words.", StringComparison.Ordinal) || used.Contains(w.Group));
        Assert.DoesNotContain(words, w => w.Words.All(word => char.IsAscii(word[0])) == w.Group.EndsWith(".zh", StringComparison.Ordinal));
    }

    [Fact]
    public void Short_Latin_terms_are_only_exceptions_or_parts_of_longer_matches()
    {
        var alone = Files.SelectMany(f => f.File.Rules).Where(r => !r.Match.Contains(' ')).SelectMany(r => r.Match.Split('|')).ToHashSet();
        var terms = Files.SelectMany(f => f.File.Terms).Where(g => alone.Contains(g.Key)).SelectMany(g => g.Value);

        Assert.DoesNotContain(terms, t => t.Length < 3 && char.IsAscii(t[0]));
    }

    [Theory]
    [InlineData("""{"category":"hate","rules":[{"id":"hate.x","clause":"c","severity":"p1","match":"missing"}]}""", "The group missing in the rule hate.x has no terms.")]
    [InlineData("""{"category":"hats","terms":{"a":["b"]},"rules":[{"id":"hats.x","clause":"c","severity":"p1","match":"a"}]}""", "hats is no category.")]
    [InlineData("""{"category":"hate","terms":{"a":["b"]},"rules":[{"id":"sexual.x","clause":"c","severity":"p1","match":"a"}]}""", "The rule sexual.x is not named after hate.")]
    [InlineData("""{"category":"hate","terms":{"a":["b"]},"rules":[{"id":"hate.x","clause":" ","severity":"p1","match":"a"}]}""", "The rule hate.x names no clause.")]
    [InlineData("""{"category":"hate","terms":{"a":["b"]},"rules":[{"id":"hate.x","clause":"c","severity":"p1","match":"a <900> a"}]}""", "The rule hate.x reaches too far.")]
    [InlineData("""{"category":"hate","terms":{"a":["b"]},"rules":[{"id":"hate.x","clause":"c","severity":"p1","match":"a & a"}]}""", "The rule hate.x names no window.")]
    [InlineData("""{"category":"hats","words":{"w":["b"]}}""", "hats is no category.")]
    [InlineData("""{"terms":{"a":["b"]},"words":{"w":["b"]}}""", "The words w stand in a file without category.")]
    [InlineData("""{"category":"hate","terms":{"a":["b"]},"words":{"a":["c"]}}""", "The group a is defined twice.")]
    [InlineData("""{"category":"hate","terms":{"a":["b"]},"rules":[{"id":"hate.x","clause":"c","severity":"p1","match":"a <two> a"}]}""", "two in the rule hate.x is no number.")]
    public void A_rule_that_could_not_work_is_refused_when_it_is_read(string json, string reason)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        var file = RuleFile.Parse(stream);

        Assert.Equal(reason, Assert.Throws<FormatException>(() => RuleSet.Compile([file], "test")).Message);
    }

    [Fact]
    public void A_member_that_the_schema_does_not_know_is_refused()
    {
        using var stream = new MemoryStream("""{"category":"hate","treshold":1}"""u8.ToArray());

        Assert.Throws<System.Text.Json.JsonException>(() => RuleFile.Parse(stream));
    }

    private static string CategoryOf(RuleEntry rule) => rule.Id.Split('.')[0];
}
