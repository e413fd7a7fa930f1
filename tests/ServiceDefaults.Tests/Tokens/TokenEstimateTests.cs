using Aigc2d.ServiceDefaults.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ServiceDefaults.Tests.Tokens;

public sealed class TokenEstimateTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("hello world", 3)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 11)]
    [InlineData("人工智能正在改变世界", 10)]
    [InlineData("안녕하세요 세계", 8)]
    [InlineData("é", 1)]
    public void Counts_a_quarter_per_ascii_character_and_one_per_ideograph(string text, int expected) => Assert.Equal(expected, TokenEstimate.Count(text));

    [Fact]
    public void The_pieces_of_a_text_count_what_the_text_counts() => Prop.ForAll<string, int>((text, at) =>
    {
        var whole = text ?? "";
        var cut = whole.Length == 0 ? 0 : Math.Abs(at % whole.Length);
        return TokenEstimate.QuartersOf(whole) == TokenEstimate.QuartersOf(whole.AsSpan(0, cut)) + TokenEstimate.QuartersOf(whole.AsSpan(cut));
    }).QuickCheckThrowOnFailure();
}
