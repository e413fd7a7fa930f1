using Aigc2d.TestKit;

namespace Aigc2d.Billing.Tests.Prices;

/// <summary>What docs/prices.md shows can be sent as it stands there.</summary>
public sealed class PriceDocumentTests(BillingFixture billing)
{
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "prices.md"));

    [Fact]
    public async Task The_JSON_example_is_accepted()
    {
        var example = Page.Single(line => line.StartsWith("    PUT /admin/prices", StringComparison.Ordinal));
        var (status, body) = await billing.TryPutAsync(Renamed(example[example.IndexOf('[', StringComparison.Ordinal)..]));
        Assert.True(status == 200, body);
    }

    [Fact]
    public async Task The_CSV_example_is_accepted()
    {
        var example = Page.SkipWhile(line => !line.StartsWith("    model,", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0).Select(line => line.Trim());
        var (status, body) = await billing.TryPutAsync(Renamed(string.Join('\n', example)), "text/csv");
        Assert.True(status == 200, body);
    }

    // The models of the page belong to other tests, too.
    private static string Renamed(string example)
    {
        var suffix = Guid.CreateVersion7();
        return example.Replace("midjourney", $"midjourney-{suffix}", StringComparison.Ordinal).Replace("gpt-3.5-turbo", $"gpt-{suffix}", StringComparison.Ordinal);
    }
}
