using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Tests.Rules;

/// <summary>Whether letters and their marks are one character or several makes no difference.</summary>
public sealed class ComposedFormTests
{
    [Theory]
    [InlineData("é", "e\u0301")]
    [InlineData("ṩ", "s\u0323\u0307")]
    [InlineData("Å", "A\u030A")]
    [InlineData("й", "и\u0306")]
    [InlineData("ё", "е\u0308")]
    [InlineData("ǘ", "u\u0308\u0301")]
    [InlineData("が", "か\u3099")]
    [InlineData("ệ", "e\u0323\u0302")]
    [InlineData("ϔ", "ϒ\u0308")]
    [InlineData("豈", "豈")]
    [InlineData("Ω", "Ω")]
    [InlineData("K", "K")]
    public void Both_forms_fold_to_the_same(string composed, string decomposed) => Assert.Equal(TextFold.Whole(composed), TextFold.Whole(decomposed));

    [Fact]
    public void Both_forms_of_a_text_have_the_same_verdict()
    {
        // Globalization is invariant: the runtime does not compose, so the accented letters are paired here.
        Dictionary<char, (string Composed, string Decomposed)> forms = new()
        {
            ['a'] = ("ǎ", "a\u030C"),
            ['e'] = ("é", "e\u0301"),
            ['i'] = ("ì", "i\u0300"),
            ['o'] = ("ö", "o\u0308"),
            ['u'] = ("ǚ", "u\u0308\u030C"),
            ['n'] = ("ñ", "n\u0303"),
            ['c'] = ("ç", "c\u0327"),
        };
        var differing = TwinTests.Rows("twins.tsv").SelectMany(row => row[1..3]).Where(text =>
        {
            var composed = string.Concat(text.Select(c => forms.TryGetValue(c, out var form) ? form.Composed : c.ToString()));
            var decomposed = string.Concat(text.Select(c => forms.TryGetValue(c, out var form) ? form.Decomposed : c.ToString()));
            return Rules(composed) != Rules(decomposed) || Rules(composed) != Rules(text);
        });

        Assert.Empty(differing);
    }

    private static string Rules(string text) => string.Join(' ', TwinTests.Screener.Screen([text], ScreeningStage.Prompt).Findings.Select(f => f.Rule.Id));
}
