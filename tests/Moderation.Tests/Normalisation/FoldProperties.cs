using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Normalisation;
using Aigc2d.Moderation.Tests.Rules;

namespace Aigc2d.Moderation.Tests.Normalisation;

/// <summary>What holds for the folding of every text.</summary>
public sealed class FoldProperties
{
    [Fact]
    public void Folding_what_was_folded_changes_nothing() => Texts.Hold(text => TextFold.Whole(TextFold.Whole(text)) == TextFold.Whole(text));

    [Fact]
    public void Every_single_character_folds_to_a_fixed_point()
    {
        var table = FoldTable.Instance;
        string Once(int codePoint)
        {
            if (codePoint > char.MaxValue) return table.Supplementary(codePoint) ?? char.ConvertFromUtf32(codePoint);
            var single = table.Of((char)codePoint);
            return single == FoldTable.Expands ? table.Several((char)codePoint) : single == FoldTable.Removed ? "" : single.ToString();
        }

        var unstable = Enumerable.Range(0, 0x110000)
            .Where(c => c is < 0xD800 or > 0xDFFF)
            .Where(c => Once(c) is var folded && string.Concat(folded.EnumerateRunes().Select(r => Once(r.Value))) != folded);

        Assert.Empty(unstable);
    }

    [Fact]
    public void A_folded_text_is_at_most_twice_as_long() => Texts.Hold(text => TextFold.Whole(text).Length <= 2 * text.Length);

    [Fact]
    public void Offsets_rise_and_lie_in_the_text() => Texts.Hold(text =>
    {
        var (_, origins) = Fold(text);
        return origins.SequenceEqual(origins.Order()) && origins.All(o => o >= 0 && o < text.Length);
    });

    [Fact]
    public void An_offset_points_at_what_the_character_was_made_of() => Texts.Hold(text =>
    {
        var (chars, origins) = Fold(text);
        for (var i = 0; i < chars.Length; i++)
        {
            if (char.IsSurrogate(text[origins[i]])) continue;
            var source = FoldTable.Instance.Of(text[origins[i]]);
            if (source != chars[i] && !(source == FoldTable.Expands && FoldTable.Instance.Several(text[origins[i]]).Contains(chars[i], StringComparison.Ordinal))) return false;
        }

        return true;
    });

    [Fact]
    public void Folding_in_pieces_gives_the_same_text() => Texts.Hold(text =>
    {
        var piece = new MappedText(19);
        var whole = new System.Text.StringBuilder();
        var fold = new TextFold(text);
        while (!fold.AtEnd)
        {
            fold.Fill(piece);
            whole.Append(piece.Chars);
            piece.Clear();
        }

        return whole.ToString() == TextFold.Whole(text);
    });

    [Fact]
    public void No_reading_outgrows_its_source_or_loses_its_way() => Texts.Hold(text =>
    {
        var folded = new MappedText(2 * text.Length + 32);
        new TextFold(text).Fill(folded);
        var reading = new MappedText(folded.Length + 1);
        WordReading.Write(folded, sourceIsFolded: true, reading);
        var words = InOrder(reading, folded.Length);
        LeetReading.Write(folded, sourceIsFolded: true, 'i', TwinTests.Screener.Rules.Misspellings, reading);
        var leet = InOrder(reading, folded.Length);
        SpacedReading.Write(folded, reading);
        return words && leet && InOrder(reading, folded.Length);
    });

    [Fact]
    public void A_mended_reading_grows_by_a_fifth_at_most_and_its_offsets_rise() => Texts.Hold(text =>
    {
        var (folded, words) = (new MappedText(2 * text.Length + 32), new MappedText(2 * text.Length + 32));
        new TextFold(text).Fill(folded);
        WordReading.Write(folded, sourceIsFolded: true, words);
        var mended = new MendedReading(words.Length);
        if (!mended.Read(words, TwinTests.Screener.Rules.Misspellings)) return true;
        var origins = mended.Text.Origins.ToArray();
        return 5 * mended.Text.Length <= 6 * words.Length && origins.SequenceEqual(origins.Order()) && origins.All(o => o >= 0 && o < folded.Length);
    });

    [Fact]
    public void Every_syllable_of_a_text_lies_in_it_behind_the_one_before() => Texts.Hold(text =>
    {
        var folded = new MappedText(2 * text.Length + 32);
        new TextFold(text).Fill(folded);
        var pinyin = new PinyinReading(folded.Length + 1);
        pinyin.Read(folded, sourceIsFolded: true);
        var last = 0;
        for (var i = 0; i < pinyin.Text.Length; i++)
        {
            if (pinyin.Text.OriginOf(i) < last || pinyin.EndOf(i) <= pinyin.Text.OriginOf(i) || pinyin.EndOf(i) > folded.Length) return false;
            last = pinyin.EndOf(i);
        }

        return pinyin.Text.Length <= folded.Length;
    });

    [Fact]
    public void A_decoded_text_is_never_longer_and_its_offsets_rise() => Texts.Hold(text =>
    {
        var encoded = new EncodedReading();
        if (!encoded.Read(text)) return true;
        var origins = encoded.Origins.ToArray();
        var holds = encoded.Chars.Length <= text.Length && origins.SequenceEqual(origins.Order()) && origins.All(o => o >= 0 && o < text.Length);
        encoded.Release();
        return holds;
    });

    [Fact]
    public void Screening_never_fails_and_places_every_finding_inside_its_text() => Texts.Hold(text =>
    {
        string[] texts = [text, "how to make a bomb " + text, text[(text.Length / 2)..]];
        var judgement = TwinTests.Screener.Screen(texts, ScreeningStage.Prompt);
        return judgement.Findings.All(f => f.Start >= 0 && f.Start < f.End && f.End <= texts[f.Text].Length);
    });

    private static bool InOrder(MappedText reading, int sourceLength)
    {
        var origins = reading.Origins.ToArray();
        return reading.Length <= sourceLength && origins.SequenceEqual(origins.Order()) && origins.All(o => o >= 0 && o < sourceLength);
    }

    private static (string Chars, int[] Origins) Fold(string text)
    {
        var folded = new MappedText(2 * text.Length + 32);
        new TextFold(text).Fill(folded);
        return (folded.Chars.ToString(), folded.Origins.ToArray());
    }
}
