using System.Diagnostics;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>The OpenAPI document is true of a running suite.</summary>
public sealed class OpenApiTests(Suite suite)
{
    [Fact]
    public async Task Every_example_of_the_document_is_answered_as_the_document_says()
    {
        var (_, key) = await suite.CustomerAsync(10_000_000_000);
        var start = new ProcessStartInfo("node", ["openapi.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests/EndToEnd.Tests/clients"),
            RedirectStandardOutput = true,
            Environment = { ["AIGC2D_BASE_URL"] = suite.BaseUrl, ["AIGC2D_API_KEY"] = key },
        };
        using var node = Process.Start(start)!;
        var seen = JsonSerializer.Deserialize<JsonElement>(await node.StandardOutput.ReadToEndAsync());
        await node.WaitForExitAsync();

        Assert.Equal("", string.Join('\n', seen.GetProperty("faults").EnumerateArray()));
        Assert.True(seen.GetProperty("checked").GetInt32() > 30, seen.GetRawText());
    }
}
