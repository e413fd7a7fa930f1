using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.ProviderKeys;
using Microsoft.Extensions.Options;

namespace Aigc2d.ProviderAdapters.Tests.ProviderKeys;

public sealed class ProviderAddressTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("https://api.openai.com/v1")]
    [InlineData("https://proxy.example")]
    [InlineData("https://proxy.example/openai/v1")]
    [InlineData("https://PROXY.example:443/v1")]
    [InlineData("https://other.example:8443/v1")]
    [InlineData("http://127.0.0.1:9000/v1")]
    public void An_allowed_address_is_asked(string? given) => Assert.NotNull(Addresses().Of("openai", given));

    [Theory]
    [InlineData("https://api.openai.com")]
    [InlineData("https://api.openai.com/v1/../../dashboard")]
    [InlineData("https://api.openai.com:8443/v1")]
    [InlineData("http://api.openai.com/v1")]
    [InlineData("https://api.anthropic.com")]
    [InlineData("https://api.openai.com.evil.example/v1")]
    [InlineData("https://api.openai.com@evil.example/v1")]
    [InlineData("https://user@proxy.example/v1")]
    [InlineData("https://proxy.example/v1?x=1")]
    [InlineData("https://proxy.example/v1#x")]
    [InlineData("http://proxy.example/v1")]
    [InlineData("https://proxy.example:8443/v1")]
    [InlineData("https://sub.proxy.example/v1")]
    [InlineData("https://other.example/v1")]
    [InlineData("https://127.0.0.1:9000/v1")]
    [InlineData("http://127.0.0.1:9001/v1")]
    [InlineData("http://localhost:9000/v1")]
    [InlineData("http://2130706433:80/v1")]
    [InlineData("http://[::1]:9000/v1")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("ftp://proxy.example/v1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//proxy.example/v1")]
    [InlineData("proxy.example")]
    [InlineData("")]
    public void Any_other_address_is_refused(string given) => Assert.Null(Addresses().Of("openai", given));

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("https://host/path")]
    [InlineData("https://user@host")]
    [InlineData("host?x")]
    [InlineData("")]
    public void An_entry_of_the_settings_that_is_no_host_stops_the_start(string entry)
    {
        var options = new ProviderKeyOptions { AllowedHosts = { entry } };
        Assert.Single(options.Validate(new(options)));
    }

    private static ProviderAddresses Addresses()
    {
        var options = new ProviderKeyOptions { AllowedHosts = { "proxy.example", "other.example:8443", "http://127.0.0.1:9000/" } };
        using var openAi = new OpenAiAdapter(new CompletionModels(Options.Create(new OpenAiOptions())), TimeProvider.System);
        return new ProviderAddresses(Options.Create(options), new AdapterFamilies([openAi]));
    }
}
