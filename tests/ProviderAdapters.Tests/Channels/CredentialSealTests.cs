using System.Security.Cryptography;
using Aigc2d.ProviderAdapters.Channels;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Tests.Channels;

public sealed class CredentialSealTests
{
    private static readonly string OldKey = Convert.ToBase64String(SHA256.HashData("old"u8));
    private static readonly string NewKey = Convert.ToBase64String(SHA256.HashData("new"u8));
    private readonly Guid _channel = Guid.CreateVersion7();

    [Fact]
    public void What_was_sealed_with_a_retired_key_still_opens()
    {
        var before = SealWith(OldKey, 1);
        var after = SealWith(NewKey, 2, retired: OldKey);

        Assert.Equal("sk-1", after.Open(_channel, before.Seal(_channel, "sk-1")));
        Assert.Equal(2, after.Seal(_channel, "sk-1")[0]);
    }

    [Fact]
    public void A_sealed_credential_opens_for_its_own_channel_unchanged_and_with_its_key_only()
    {
        var seal = SealWith(OldKey, 1);
        var stranger = SealWith(NewKey, 1);
        var sealedOnce = seal.Seal(_channel, "sk-1");
        var changed = sealedOnce.ToArray();
        changed[^1] ^= 1;

        Assert.Throws<AuthenticationTagMismatchException>(() => seal.Open(Guid.CreateVersion7(), sealedOnce));
        Assert.Throws<AuthenticationTagMismatchException>(() => seal.Open(_channel, changed));
        Assert.Throws<AuthenticationTagMismatchException>(() => stranger.Open(_channel, sealedOnce));
        Assert.Throws<CryptographicException>(() => SealWith(OldKey, 9).Open(_channel, sealedOnce));
        Assert.NotEqual(sealedOnce, seal.Seal(_channel, "sk-1"));
    }

    [Fact]
    public void Many_requests_seal_and_open_at_once()
    {
        var seal = SealWith(OldKey, 1);

        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var credential = $"sk-{i}";
            Assert.Equal(credential, seal.Open(_channel, seal.Seal(_channel, credential)));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("c2hvcnQ=")]
    public void A_key_of_the_wrong_size_is_refused(string key) => Assert.Throws<OptionsValidationException>(() => SealWith(key, 1));

    private static CredentialSeal SealWith(string key, byte version, string? retired = null)
    {
        var options = new CredentialOptions { Key = key, KeyVersion = version };
        if (retired is not null) options.RetiredKeys[1] = retired;
        return new CredentialSeal(Options.Create(options));
    }
}
