using System.Diagnostics;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Finance;

/// <summary>The events of a running suite are as a general JSON Schema validator wants them.</summary>
public sealed class FeedSchemaTests(Suite suite)
{
    [Fact]
    public async Task Every_event_over_http_is_valid_by_the_schema_that_the_AsyncAPI_document_names()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        using var answer = await suite.ChatAsync(key, await suite.ModelAsync("input=11,output=9"));
        answer.EnsureSuccessStatusCode();
        await Eventually.Equal(1, async () => (await suite.ChargesOfAsync(account)).Length);

        var start = new ProcessStartInfo("node", ["feed-schemas.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests/EndToEnd.Tests/clients"),
            RedirectStandardOutput = true,
            Environment = { ["AIGC2D_ADMIN_URL"] = suite["AIGC2D_ADMIN_URL"], ["AIGC2D_FINANCE_KEY"] = suite["AIGC2D_FINANCE_KEY"] },
        };
        using var node = Process.Start(start)!;
        var seen = JsonSerializer.Deserialize<JsonElement>(await node.StandardOutput.ReadToEndAsync());
        await node.WaitForExitAsync();

        Assert.Equal((0, "[]"), (seen.GetProperty("unused").GetInt32(), seen.GetProperty("faults").GetRawText()));
        Assert.True(seen.GetProperty("types").GetProperty("billing.usage.charged.v1").GetInt32() > 0);
        Assert.True(seen.GetProperty("types").GetProperty("billing.adjustment.posted.v1").GetInt32() > 0);
    }
}
