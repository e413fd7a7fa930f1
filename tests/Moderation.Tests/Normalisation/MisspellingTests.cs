using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Tests.Normalisation;

/// <summary>Which slips are put right.</summary>
public sealed class MisspellingTests
{
    private static readonly Misspellings Words = new(["explosive", "ransomware", "bomb", "trial", "apple", "how", "can't"]);

    [Theory]
    [InlineData("bmob", "bomb")]
    [InlineData("obmb", "bomb")]
    [InlineData("bommb", "bomb")]
    [InlineData("explosvie", "explosive")]
    [InlineData("xeplosive", "explosive")]
    [InlineData("explossive", "explosive")]
    [InlineData("explosivee", "explosive")]
    [InlineData("explsive", "explosive")]
    [InlineData("explosiv", "explosive")]
    [InlineData("explosove", "explosive")]
    [InlineData("ransomwaer", "ransomware")]
    public void One_slip_is_put_right(string slip, string word) => Assert.Equal(word, Words.Meant(slip, WordTable.HashOf(slip)));

    [Theory]
    [InlineData("bomb")]
    [InlineData("bmb")]
    [InlineData("bimb")]
    [InlineData("xplosive")]
    [InlineData("expolsvie")]
    [InlineData("explosibe")]
    [InlineData("internationally")]
    [InlineData("zzzzzzzzzzzzzzzzzzzz")]
    public void Right_words_two_slips_and_slips_in_short_words_are_left(string word) => Assert.Null(Words.Meant(word, WordTable.HashOf(word)));

    [Fact]
    public void A_word_of_everyday_use_is_never_taken_for_a_misspelt_one() => Assert.Null(Words.Meant("trail", WordTable.HashOf("trail")));

    [Fact]
    public void Every_single_slip_in_a_long_word_is_found()
    {
        const string word = "ransomware";
        var exchanged = Enumerable.Range(0, word.Length - 1).Where(i => word[i] != word[i + 1]).Select(i => $"{word[..i]}{word[i + 1]}{word[i]}{word[(i + 2)..]}");
        var doubled = Enumerable.Range(0, word.Length).Select(i => word.Insert(i, word[i].ToString()));
        var dropped = Enumerable.Range(1, word.Length - 1).Select(i => word.Remove(i, 1));

        Assert.All(exchanged.Concat(doubled).Concat(dropped), slip => Assert.Equal(word, Words.Meant(slip, WordTable.HashOf(slip))));
    }

    [Fact]
    public void The_reading_puts_words_right_and_says_where()
    {
        var words = new MappedText(64);
        var folded = new MappedText(64);
        new TextFold("a bmob, an explsive").Fill(folded);
        WordReading.Write(folded, sourceIsFolded: true, words);
        var mended = new MendedReading(64);

        Assert.True(mended.Read(words, Words));
        Assert.Equal("a bomb an explosive", mended.Text.Chars.ToString());
        Assert.Equal(2, mended.Text.NextMarked(MappedText.Marks.Altered, 0));
        Assert.Equal(folded.Length - 1, mended.Text.OriginOf(mended.Text.Length - 1));
        Assert.False(mended.Read(folded, new Misspellings(["elephant"])));
    }
}
