using Aigc2d.Moderation.Providers;

namespace Aigc2d.Moderation.Tests.Providers;

public sealed class ImageAddressTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.png")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://example.com/a.png")]
    [InlineData("ftp://example.com/a.png")]
    [InlineData("gopher://example.com/a.png")]
    [InlineData("https://example.com:8080/a.png")]
    [InlineData("https://example.com:22/a.png")]
    [InlineData("https://user@example.com/a.png")]
    [InlineData("https://user:password@example.com/a.png")]
    [InlineData("https://127.0.0.1/a.png")]
    [InlineData("https://93.184.215.14/a.png")]
    [InlineData("https://10.0.0.1./a.png")]
    [InlineData("https://2130706433/a.png")]
    [InlineData("https://0x7f000001/a.png")]
    [InlineData("https://0x7f.1/a.png")]
    [InlineData("https://0177.0.0.1/a.png")]
    [InlineData("https://127.1/a.png")]
    [InlineData("https://example.0x7f/a.png")]
    [InlineData("https://[::1]/a.png")]
    [InlineData("https://[::ffff:169.254.169.254]/a")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://①②⑦.⓪.⓪.①/a.png")]
    [InlineData("https://１２７.０.０.１/a.png")]
    [InlineData("https://127。0。0。1/a.png")]
    [InlineData("https://ⓛocalhost.example/a.png")]
    [InlineData("https://localhost/a.png")]
    [InlineData("https://LOCALHOST./a.png")]
    [InlineData("https://a.localhost/a.png")]
    [InlineData("https://moderation/a.png")]
    [InlineData("https://metadata.google.internal/a")]
    [InlineData("https://printer.local/a")]
    [InlineData("https://nas.home.arpa/a")]
    [InlineData("https://a.svc.cluster.local/a")]
    public void What_is_not_public_is_no_address(string? text) => Assert.Null(ImageAddress.Of(text));

    [Theory]
    [InlineData("https://example.com/a.png?b=c%2Fd&e=f", "https://example.com/a.png?b=c%2Fd&e=f")]
    [InlineData("HTTPS://Example.COM:443/a b", "https://example.com/a%20b")]
    [InlineData("https://example.com:8443/a", "https://example.com:8443/a")]
    [InlineData("https://bücher.example/a", "https://xn--bcher-kva.example/a")]
    [InlineData("https://notlocal.example/a", "https://notlocal.example/a")]
    [InlineData("https://local.example/a", "https://local.example/a")]
    public void What_is_public_is_written_as_it_was_understood(string text, string understood) => Assert.Equal(understood, ImageAddress.Of(text)?.AbsoluteUri);
}
