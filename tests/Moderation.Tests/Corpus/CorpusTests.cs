using System.Text;
using Aigc2d.Moderation.Corpus;
using Aigc2d.TestKit;

namespace Aigc2d.Moderation.Tests.Corpus;

/// <summary>The authored pairs: their form, and what is drawn from them.</summary>
public sealed class CorpusTests
{
    private const string Good = """
        {"category":"illegal","language":"en","slots":{"thing":["car","van"]},"pairs":[{"id":"illegal.en.theft","clause":"theft","kind":"prompt",
        "unsafe":["take a {thing}","take the {thing} [now|later]","take [a {thing}|it]"],"safe":["buy a {thing}","buy the {thing} [now|later|]","buy [a {thing}|it]"]}]}
        """;

    [Fact]
    public void Every_file_of_the_corpus_is_well_formed()
    {
        var folder = Path.Combine(Repository.Root, "src", "Moderation", "Corpus", "Data");
        var files = Directory.Exists(folder) ? CorpusFile.Load(folder) : [];

        Assert.Empty(CorpusLint.Check(files));
        Assert.Equal(files.Select(file => file.Name), files.Where(file => file.Name.StartsWith(file.File.Language + "/", StringComparison.Ordinal)).Select(file => file.Name));
    }

    [Fact]
    public void A_good_file_has_no_faults() => Assert.Empty(Faults(Good));

    [Theory]
    [InlineData("\"category\":\"illegal\"", "\"category\":\"rude\"", "a.json: rude is no category.")]
    [InlineData("\"language\":\"en\"", "\"language\":\"de\"", "a.json: the language de is neither en nor zh.")]
    [InlineData("illegal.en.theft", "theft", "a.json: theft: the id does not begin with illegal.en. and a name.")]
    [InlineData("\"prompt\"", "\"poem\"", "a.json: illegal.en.theft: the kind poem is none of prompt, content, image_prompt.")]
    [InlineData("\"clause\":\"theft\"", "\"clause\":\" \"", "a.json: illegal.en.theft: it names no clause.")]
    [InlineData("\"buy a {thing}\",", "", "a.json: illegal.en.theft: the safe side has fewer than 3 templates.")]
    [InlineData("\"take a {thing}\",", "", "a.json: illegal.en.theft: the unsafe side has fewer than 3 templates.")]
    [InlineData("buy a {thing}\"", "take a {thing}\"", "a.json: illegal.en.theft: safe template 1 stands in the file twice.")]
    [InlineData("take a {thing}\"", "take a {sling}\"", "a.json: illegal.en.theft: unsafe template 1: The slot sling is unknown or empty.")]
    [InlineData("take a {thing}\"", "take a {thing\"", "a.json: illegal.en.theft: unsafe template 1: A { is not closed.")]
    [InlineData("take a {thing}\"", "take a thing}\"", "a.json: illegal.en.theft: unsafe template 1: A } closes nothing.")]
    [InlineData("take a {thing}\"", "take a [b\"", "a.json: illegal.en.theft: unsafe template 1: A [ is not closed.")]
    [InlineData("take a {thing}\"", "take a b]\"", "a.json: illegal.en.theft: unsafe template 1: A ] closes nothing.")]
    [InlineData("take a {thing}\"", "take [a[b]c]\"", "a.json: illegal.en.theft: unsafe template 1: Brackets stand in brackets.")]
    [InlineData("take a {thing}\"", " \"", "a.json: illegal.en.theft: unsafe template 1: It is empty.")]
    [InlineData("\"thing\":[", "\"idle\":[\"x\"],\"thing\":[", "a.json: the slot idle is never used.")]
    public void A_fault_is_named_with_its_file_and_pair(string part, string replacement, string fault) => Assert.Contains(fault, Faults(Good.Replace(part, replacement, StringComparison.Ordinal)));

    [Fact]
    public void An_id_stands_in_one_file_only() =>
        Assert.Contains("b.json: illegal.en.theft: the id stands in a.json already.", CorpusLint.Check([("a.json", Parse(Good)), ("b.json", Parse(Good))]));

    [Fact]
    public void Harmless_files_have_no_unsafe_side() =>
        Assert.Contains("a.json: none.en.theft: a file of harmless texts has an unsafe side.", Faults(Good.Replace("illegal", "none", StringComparison.Ordinal)));

    [Fact]
    public void Unknown_members_are_refused() =>
        Assert.Throws<System.Text.Json.JsonException>(() => Parse(Good.Replace("\"clause\"", "\"note\":\"\",\"clause\"", StringComparison.Ordinal)));

    [Fact]
    public void Every_text_that_a_template_can_become_is_drawn_once()
    {
        var texts = CorpusTexts.Draw([("a.json", Parse(Good))], seed: 1, perSide: 60).ToArray();

        Assert.Equal(
            ["take a car", "take a van", "take it", "take the car later", "take the car now", "take the van later", "take the van now"],
            texts.Where(text => text.IsUnsafe).Select(text => text.Text).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["buy a car", "buy a van", "buy it", "buy the car", "buy the car later", "buy the car now", "buy the van", "buy the van later", "buy the van now"],
            texts.Where(text => !text.IsUnsafe).Select(text => text.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_drawn_depends_on_the_seed_alone()
    {
        string[] Draw(int seed) => [.. CorpusTexts.Draw([("a.json", Parse(Good))], seed, perSide: 4).Select(text => text.Text)];

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.Equal(8, Draw(1).Length);
    }

    private static IReadOnlyList<string> Faults(string json) => CorpusLint.Check([("a.json", Parse(json))]);

    private static CorpusFile Parse(string json) => CorpusFile.Parse(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
