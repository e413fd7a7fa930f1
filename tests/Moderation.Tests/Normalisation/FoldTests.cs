using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Tests.Normalisation;

/// <summary>What single disguises fold to.</summary>
public sealed class FoldTests
{
    [Theory]
    [InlineData("Ｂｏｍｂ１２", "bomb12")]
    [InlineData("𝐛𝕠𝓶𝚋", "bomb")]
    [InlineData("ⓑⓞⓜⓑ ⒝⒪⒨⒝ 🅱🅾🅼🅱", "bomb bomb bomb")]
    [InlineData("b\u200Bo\u200Dm\u2060b\uFEFF\u00AD", "bomb")]
    [InlineData("\u202Eb\u2066o\u2069mb", "bomb")]
    [InlineData("b\u0336o\u0301m\u0489b", "bomb")]
    [InlineData("bömb naïve ÇA", "bomb naive ca")]
    [InlineData("вомв Ьоmb βομβ", "bomb bomb boub")]
    [InlineData("ΗΝ ηυ", "hn nu")]
    [InlineData("ʙᴏᴍʙ ɐqou", "bomb aqou")]
    [InlineData("ﬁre ǆ ℡", "fire dz tel")]
    [InlineData("製作炸彈，臺灣", "制作炸弹,台湾")]
    [InlineData("“quoted” — ok…", "\"quoted\" - ok...")]
    [InlineData("a\tb\r\nc\u00A0d\u3000e\u2028f", "a b \nc d e\nf")]
    [InlineData("bo\0mb", "bomb")]
    [InlineData("İstanbul STRASSE Straße", "istanbul strasse strasse")]
    [InlineData("🇺🇸 🇧 🇴", "⚑⚑ b o")]
    [InlineData("가나다 ᠎ㅤ.", "가나다 .")]
    [InlineData("a               b", "a        b")]
    [InlineData("٣४໑ ❶➓⓿ ①", "341 1➓0 1")]
    [InlineData("🆔 🆓 p⭕rn 💲", "id free porn $")]
    public void A_disguise_folds_to_plain_text(string text, string plain) => Assert.Equal(plain, TextFold.Whole(text));

    [Fact]
    public void Tag_characters_are_read_as_the_letters_that_models_read_in_them() =>
        Assert.Equal("hi there", TextFold.Whole("hi" + string.Concat(" there".Select(c => char.ConvertFromUtf32(0xE0000 + c)))));

    [Fact]
    public void A_lone_surrogate_is_read_as_a_replacement_character() => Assert.Equal("x\uFFFDy\uFFFD", TextFold.Whole("x\uD800y\uDC00"));

    [Fact]
    public void A_character_that_expands_without_end_cannot_blow_up_the_text() => Assert.Equal(2_000, TextFold.Whole(new string('\uFDFA', 1_000)).Length);

    [Fact]
    public void The_compatibility_table_replaces_what_the_runtime_does_not_do()
    {
        // Globalization is invariant: the runtime's own normalisation leaves this text alone.
        Assert.Equal("ｂ", "ｂ".Normalize(System.Text.NormalizationForm.FormKC));
        Assert.Equal("b", TextFold.Whole("ｂ"));
    }
}
