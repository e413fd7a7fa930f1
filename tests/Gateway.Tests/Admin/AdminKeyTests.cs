using Aigc2d.Gateway.Admin;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.Gateway.Tests.Admin;

public sealed class AdminKeyTests
{
    [Theory]
    [InlineData("Bearer operator-key-of-ada", "ada")]
    [InlineData("bearer operator-key-of-bob", "bob")]
    [InlineData("operator-key-of-ada", null)]
    [InlineData("Basic operator-key-of-ada", null)]
    [InlineData("Bearer operator-key-of-ad", null)]
    [InlineData("Bearer the-key-for-finance", null)]
    [InlineData("Bearer ", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_key_names_its_bearer(string? authorization, string? name) => Assert.Equal(name, Keys().OperatorOf(authorization));

    [Fact]
    public void Only_the_finance_key_is_finance_and_without_one_nobody_is()
    {
        var without = new AdminKeys(new ConfigurationBuilder().Build());
        Assert.Equal((true, false, false, false), (Keys().IsFinance("Bearer the-key-for-finance"), Keys().IsFinance("Bearer operator-key-of-ada"), without.IsFinance("Bearer "), without.IsFinance(null)));
    }

    [Theory]
    [InlineData("", "operator-key-0001", "Admin:Keys:0:Name must be 1 to 64 letters, digits, spaces or any of . _ @ -")]
    [InlineData("a\r\nb", "operator-key-0001", "Admin:Keys:0:Name must be 1 to 64 letters, digits, spaces or any of . _ @ -")]
    [InlineData("ada", "short", "Admin:Keys:0: a key of the admin listener needs at least 16 characters.")]
    [InlineData("Bob", "operator-key-0001", "Two entries of Admin:Keys have the same name; approvals need two people that can be told apart.")]
    public void Keys_that_protect_nothing_stop_the_start(string name, string key, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => Keys(("Admin:Keys:0:Name", name), ("Admin:Keys:0:Key", key))).Message);

    private static AdminKeys Keys(params (string Name, string Value)[] others)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Admin:Keys:0:Name"] = "ada",
            ["Admin:Keys:0:Key"] = "operator-key-of-ada",
            ["Admin:Keys:1:Name"] = "bob",
            ["Admin:Keys:1:Key"] = "operator-key-of-bob",
            ["Admin:FinanceKey"] = "the-key-for-finance",
        };
        foreach (var (name, value) in others) settings[name] = value;
        return new(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
    }
}
