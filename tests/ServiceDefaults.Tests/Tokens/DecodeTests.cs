using System.Text;
using Aigc2d.ServiceDefaults.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ServiceDefaults.Tests.Tokens;

public sealed class DecodeTests
{
    private static readonly BytePairTable O200kTable = BytePairTable.Load("o200k_base");

    [Fact]
    public void Known_ids_are_their_known_texts()
    {
        Assert.Equal("Hello, world!", BytePairEncoding.O200k.Decode([13225, 11, 2375, 0]));
        Assert.Equal("人工智能正在改变世界", BytePairEncoding.O200k.Decode([47243, 60319, 70104, 182793, 28428]));
        Assert.Equal("Hello, world!", BytePairEncoding.Cl100k.Decode([9906, 11, 1917, 0]));
        Assert.Equal("", BytePairEncoding.O200k.Decode([]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(199_998)]
    [InlineData(199_999)]
    [InlineData(200_018)]
    public void What_is_not_the_id_of_a_text_is_refused(int id) => Assert.Null(BytePairEncoding.O200k.Decode([13225, id, 0]));

    [Theory]
    [InlineData(100_256)]
    [InlineData(100_257)]
    [InlineData(100_276)]
    [InlineData(182_793)]
    public void Special_tokens_and_ids_of_the_newer_encoding_are_refused_by_the_older(int id) => Assert.Null(BytePairEncoding.Cl100k.Decode([id]));

    [Fact]
    public void A_character_may_be_spread_over_tokens_and_half_of_one_becomes_the_replacement_character()
    {
        var bytes = Encoding.UTF8.GetBytes("𠀀").Select(one => O200kTable.RankOf([one])).ToArray();
        Assert.Equal("𠀀", BytePairEncoding.O200k.Decode(bytes));
        Assert.Equal("\uFFFD", BytePairEncoding.O200k.Decode(bytes.AsSpan(0, 3)));
    }

    [Fact]
    public void Every_text_comes_back_from_the_ids_of_its_bytes() => Prop.ForAll<NonNull<string>>(text =>
    {
        var valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
        return BytePairEncoding.O200k.Decode(Encoding.UTF8.GetBytes(valid).Select(one => O200kTable.RankOf([one])).ToArray()) == valid;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_id_of_an_encoding_has_a_text()
    {
        foreach (var (encoding, last) in new[] { (BytePairEncoding.O200k, 199_997), (BytePairEncoding.Cl100k, 100_255) })
        {
            Assert.False(string.IsNullOrEmpty(encoding.Decode([.. Enumerable.Range(0, last + 1)])));
            Assert.Null(encoding.Decode([last + 1]));
        }
    }

    [Theory]
    [InlineData("gpt-3.5-turbo-instruct", 1917, " world")]
    [InlineData("gpt-4", 1917, " world")]
    [InlineData("text-embedding-3-large", 1917, " world")]
    [InlineData("text-embedding-ada-002", 1917, " world")]
    [InlineData("davinci-002", 1917, " world")]
    [InlineData("babbage-002", 1917, " world")]
    [InlineData("gpt-4o", 2375, " world")]
    [InlineData("gpt-5", 2375, " world")]
    [InlineData("claude-3-5-haiku-latest", 1917, null)]
    [InlineData("ernie-4.0-8k", 1917, null)]
    [InlineData("somebody-elses", 1917, null)]
    public void A_model_reads_the_ids_of_its_own_encoding_and_none_when_that_is_not_public(string model, int id, string? text)
    {
        Assert.Equal(text, TokenCounter.For(null, model).Decode([id]));
        Assert.Equal(text, TokenCounter.ForHold(model).Decode([id]));
    }
}
