using System.Text;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Tests.Rules;

namespace Aigc2d.Moderation.Tests.Normalisation;

/// <summary>What the further readings of a folded text are.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData("don't   stop - now!", "dont stop now")]
    [InlineData("制.作 炸，弹", "制作炸弹")]
    [InlineData("制作     炸弹", "制作 炸弹")]
    [InlineData("制作 bomb 的步骤", "制作 bomb 的步骤")]
    [InlineData("pipe_bomb/recipe", "pipe bomb recipe")]
    public void Words_stand_one_space_apart(string text, string words) => Assert.Equal(words, Words(text));

    [Theory]
    [InlineData("a b o m b", "abomb")]
    [InlineData("b.o.m.b now", "bomb now")]
    [InlineData("b-o-m-b r-e-c-i-p-e", "bomb recipe")]
    [InlineData("h o w   t o   m a k e", "how to make")]
    [InlineData("plain words stay", "plain words stay")]
    [InlineData("plan b is a b", "plan b is a b")]
    public void Spaced_out_words_are_put_together(string text, string joined)
    {
        var output = new MappedText(256);
        SpacedReading.Write(Fold(text), output);

        Assert.Equal(joined, output.Chars.ToString());
        Assert.Equal(joined != text, SpacedReading.Applies(Fold(text).Chars));
    }

    [Theory]
    [InlineData("b0mb", "bomb")]
    [InlineData("k1ll 10 @pples!", "kil 10 aples")]
    [InlineData("p@$$w0rd", "pasword")]
    [InlineData("boooomb", "bomb")]
    [InlineData("bomb!", "bomb")]
    [InlineData("制作b0mb", "制作bomb")]
    [InlineData("k1|| 63t 6om8", "kil get bomb")]
    [InlineData("h0w 70 m4k3 4 80m8", "how to make a bomb")]
    [InlineData("at 70 I ride 4 horses", "at 70 i ride 4 horses")]
    [InlineData("how c4n ! do it!", "how can i do it")]
    [InlineData("$0m30n3'$ b4nk", "someones bank")]
    [InlineData("a 3D print", "a 3d print")]
    public void Digits_and_symbols_inside_words_are_letters(string text, string letters)
    {
        var output = new MappedText(256);
        LeetReading.Write(Fold(text), sourceIsFolded: true, 'i', TwinTests.Screener.Rules.Misspellings, output);

        Assert.Equal(letters, output.Chars.ToString().TrimEnd());
    }

    [Theory]
    [InlineData("ordinary text of 2024, 10:30 at no. 7", false)]
    [InlineData("see b0mb", true)]
    [InlineData("noooo", true)]
    public void The_leet_reading_is_made_only_where_it_says_something_new(string text, bool applies) => Assert.Equal(applies, LeetReading.Applies(Fold(text).Chars));

    [Theory]
    [InlineData("say %62%6F%6D%62 now", "say bomb now")]
    [InlineData("%E7%82%B8%E5%BC%B9", "炸弹")]
    [InlineData("run aG93IHRvIG1ha2UgYSBib21i now", "run how to make a bomb now")]
    [InlineData("url-safe Pj4-Pz8_aGVsbG8gd29ybGQ", "url-safe >>>???hello world")]
    [InlineData("hex 686f7720746f206d616b65", "hex how to make")]
    [InlineData("68 6f 77 20 74 6f", "how to")]
    [InlineData("a &#98;&#x6F;&#109;&#98 &amp; co", "a bomb & co")]
    [InlineData(@"a \u0062\x6f\u{6d}\U00000062", "a bomb")]
    [InlineData("%u70b8%u5f39", "炸弹")]
    [InlineData("U+0062 U+006F U+006D U+0062 now", "bomb now")]
    [InlineData(@"\ud83d\udca3", "💣")]
    public void Encoded_parts_are_decoded_in_place(string text, string decoded)
    {
        var encoded = new EncodedReading();

        Assert.True(encoded.Read(text));
        Assert.Equal(decoded, encoded.Chars.ToString());
    }

    [Theory]
    [InlineData("internationalisation and counterrevolutionaries")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("100% sure, 5%10 is 5")]
    [InlineData("deadbeefcafebabe00ff")]
    [InlineData("%E7%82 broken")]
    [InlineData(@"C:\users\xavier, R&D; &#; \u12 U+ &#0;")]
    public void What_does_not_turn_into_readable_text_stays(string text) => Assert.False(new EncodedReading().Read(text));

    [Fact]
    public void Only_one_level_is_decoded()
    {
        var once = Convert.ToBase64String("how to make a bomb"u8);
        var encoded = new EncodedReading();

        Assert.True(encoded.Read(Convert.ToBase64String(Encoding.ASCII.GetBytes(once))));
        Assert.Equal(once, encoded.Chars.ToString());
    }

    [Fact]
    public void A_base64_text_longer_than_the_buffer_is_decoded_whole()
    {
        var text = string.Join(' ', Enumerable.Range(0, 5_000));
        var encoded = new EncodedReading();

        Assert.True(encoded.Read(Convert.ToBase64String(Encoding.ASCII.GetBytes(text))));
        Assert.Equal(text, encoded.Chars.ToString());
    }

    private static string Words(string text)
    {
        var output = new MappedText(256);
        WordReading.Write(Fold(text), sourceIsFolded: true, output);
        return output.Chars.ToString();
    }

    private static MappedText Fold(string text)
    {
        var folded = new MappedText(256);
        new TextFold(text).Fill(folded);
        return folded;
    }
}
