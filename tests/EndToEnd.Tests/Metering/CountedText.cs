using System.Diagnostics;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Metering;

/// <summary>Tokens of texts as js-tiktoken counts them, not we.</summary>
internal static class CountedText
{
    public static async Task<int> TokensAsync(string text) => (await TokensAsync([text]))[0];

    public static async Task<int[]> TokensAsync(string[] texts)
    {
        var start = new ProcessStartInfo("node", ["count.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests/EndToEnd.Tests/clients"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        await JsonSerializer.SerializeAsync(node.StandardInput.BaseStream, texts);
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return JsonSerializer.Deserialize<int[]>(output)!;
    }
}
