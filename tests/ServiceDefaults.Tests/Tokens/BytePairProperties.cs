using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Aigc2d.ServiceDefaults.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ServiceDefaults.Tests.Tokens;

/// <summary>What must hold for every text: the split is that of the encodings' expressions, merging by heap is merging by looking, and it ends in time.</summary>
public sealed class BytePairProperties
{
    private const string Contractions = "('s|'S|'t|'T|'re|'rE|'Re|'RE|'ve|'vE|'Ve|'VE|'m|'M|'ll|'lL|'Ll|'LL|'d|'D)";

    private static readonly Regex Cl100k = new(
        Contractions + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant);

    private static readonly Regex O200k = new(
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + Contractions
        + @"?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + Contractions
        + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant);

    // Few different characters, so that every combination of classes comes up, with any others of the basic plane now and then.
    private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.Elements("aZb'sSlLrRevVeTtdDmM 漢語ʰǅ\u0301\u0903\u20dd1２½ \t\r\n\u3000\u00a0\u0085-/!\u0013\0é".ToCharArray()),
            Gen.Choose(0, 0xD7FF).Select(c => (char)c))
        .ArrayOf().Select(characters => new string(characters));

    private static readonly BytePairTable Cl100kTable = BytePairTable.Load("cl100k_base");

    private static readonly Gen<string> Words = Gen.Choose(1, 4).SelectMany(letters => Gen.Choose(0, letters).Select(c => (char)('a' + c)).ArrayOf(600)).Select(letters => new string(letters));

    [Fact]
    public void The_split_is_that_of_the_regular_expressions() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        Assert.Equal(O200k.Matches(text).Select(match => match.Value), Split(text, SplitRule.O200k));
        Assert.Equal(Cl100k.Matches(text).Select(match => match.Value), Split(text, SplitRule.Cl100k));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void Long_pieces_merge_as_short_ones_do() => Prop.ForAll(Words.ToArbitrary(), word =>
    {
        var start = word[..BytePairMerge.ShortBytes];
        Assert.Equal(Naive(Encoding.UTF8.GetBytes(word)), BytePairEncoding.Cl100k.Count(word));
        Assert.Equal(Naive(Encoding.UTF8.GetBytes(start)), BytePairEncoding.Cl100k.Count(start));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void A_text_may_be_counted_piece_by_piece_as_it_grows() => Prop.ForAll(Texts.ToArbitrary(), Texts.ToArbitrary(), (before, after) =>
    {
        foreach (var encoding in new[] { BytePairEncoding.Cl100k, BytePairEncoding.O200k })
        {
            var settled = encoding.CountSettled(before, out var taken);
            Assert.Equal(encoding.Count(before + after), settled + encoding.Count(string.Concat(before.AsSpan(taken), after)));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Nothing_counts_more_than_its_bytes_and_only_the_empty_text_counts_nothing() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var count = BytePairEncoding.O200k.Count(text);
        return count <= Encoding.UTF8.GetByteCount(text) && (count == 0) == (text.Length == 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Halves_of_surrogate_pairs_count_as_replacement_characters() =>
        Assert.Equal(BytePairEncoding.O200k.Count("a\uFFFD b \uFFFD"), BytePairEncoding.O200k.Count("a\uD83D b \uDE00"));

    [Theory]
    [InlineData("a")]
    [InlineData("漢A")]
    [InlineData(" ")]
    [InlineData("'")]
    [InlineData("\n ")]
    [InlineData("aB")]
    [InlineData("\u0301")]
    [InlineData("9")]
    [InlineData("=")]
    public void A_megabyte_of_anything_is_counted_in_time(string repeated)
    {
        var text = string.Concat(Enumerable.Repeat(repeated, 1024 * 1024 / Encoding.UTF8.GetByteCount(repeated)));
        BytePairEncoding.O200k.Load();
        var startedAt = Stopwatch.GetTimestamp();

        Assert.InRange(BytePairEncoding.O200k.Count(text), 1, text.Length * 3);

        // 0.2 s when optimised and alone; a quadratic merge would take most of an hour.
        Assert.True(Stopwatch.GetElapsedTime(startedAt) < TimeSpan.FromSeconds(10), $"{Stopwatch.GetElapsedTime(startedAt)}");
    }

    [Fact]
    public async Task Many_threads_may_count_at_once()
    {
        var text = string.Concat(Enumerable.Range(0, 200).Select(i => $"Thread {i} counts 漢字 and words'll match. "));
        var expected = BytePairEncoding.O200k.Count(text);

        var counts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => BytePairEncoding.O200k.Count(text))));

        Assert.All(counts, count => Assert.Equal(expected, count));
    }

    private static List<string> Split(string text, SplitRule rule)
    {
        var found = new List<string>();
        var pieces = new TextPieces(text, rule);
        while (pieces.MoveNext()) found.Add(pieces.Current.ToString());
        return found;
    }

    /// <summary>The definition, step by step.</summary>
    private static int Naive(byte[] piece)
    {
        var table = Cl100kTable;
        if (table.RankOf(piece) != BytePairTable.None) return 1;
        var parts = piece.Select(one => new[] { one }).ToList();
        while (true)
        {
            var ranks = parts.Zip(parts.Skip(1), (first, second) => table.RankOf([.. first, .. second])).ToList();
            if (ranks.Count == 0 || ranks.Min() == BytePairTable.None) return parts.Count;
            var at = ranks.IndexOf(ranks.Min());
            parts[at] = [.. parts[at], .. parts[at + 1]];
            parts.RemoveAt(at + 1);
        }
    }
}
