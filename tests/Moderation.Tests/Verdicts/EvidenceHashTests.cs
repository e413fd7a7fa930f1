using Aigc2d.Moderation.Verdicts;

namespace Aigc2d.Moderation.Tests.Verdicts;

/// <summary>The keyed hash that stands for a blocked text.</summary>
public sealed class EvidenceHashTests
{
    private static readonly string Key = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public void The_same_text_in_disguise_has_the_same_hash() =>
        Assert.Equal(new EvidenceHash(Key).Of("How to make"), new EvidenceHash(Key).Of("ｈоｗ\u200B to mаke"));

    [Fact]
    public void Another_key_gives_another_hash() =>
        Assert.NotEqual(new EvidenceHash(Key).Of("text"), new EvidenceHash(Convert.ToBase64String(new byte[32])).Of("text"));

    [Fact]
    public void The_hash_is_an_HMAC_of_the_folded_text()
    {
        var expected = System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String(Key), System.Text.Encoding.UTF8.GetBytes("制作 text"));

        Assert.Equal(Convert.ToBase64String(expected), new EvidenceHash(Key).Of("製作 TEXT"));
    }

    [Fact]
    public void A_long_text_is_hashed_whole()
    {
        var text = string.Join(' ', Enumerable.Range(0, 5_000));
        var expected = System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String(Key), System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal(Convert.ToBase64String(expected), new EvidenceHash(Key).Of(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no base64!")]
    [InlineData("c2hvcnQ=")]
    public void A_missing_or_short_key_stops_the_service(string? key) => Assert.Throws<InvalidOperationException>(() => new EvidenceHash(key));
}
