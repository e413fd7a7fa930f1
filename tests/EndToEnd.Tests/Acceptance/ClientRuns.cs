using System.Diagnostics;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>What a client saw in one scenario, and which account and key it was seen with.</summary>
internal sealed record Seen(string Name, JsonElement Result, string? Account, string? Key);

/// <summary>Every official client runs all its scenarios once, all clients side by side; the tests read what they saw.</summary>
internal sealed class ClientRuns : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Suite _suite;
    private readonly Lazy<IReadOnlyDictionary<string, Task<IReadOnlyDictionary<string, Seen>>>> _runs;

    public ClientRuns(Suite suite)
    {
        _suite = suite;
        _runs = new(StartAll);
        Feed = new FinanceFeed(suite);
    }

    public FinanceFeed Feed { get; }

    /// <summary>The wire that every client is connected to.</summary>
    public EdgeWire Wire { get; private set; } = null!;

    /// <summary>What a client saw in a scenario.</summary>
    public async Task<Seen> SeenAsync(string client, string scenario)
    {
        var seen = await _runs.Value[client];
        return seen.TryGetValue(scenario, out var one) ? one : throw new InvalidOperationException($"{client} has no scenario {scenario}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_runs.IsValueCreated) await Wire.DisposeAsync();
        Feed.Dispose();
    }

    private Dictionary<string, Task<IReadOnlyDictionary<string, Seen>>> StartAll()
    {
        Wire = new EdgeWire(new Uri(_suite.BaseUrl));
        return new(StringComparer.Ordinal)
        {
            [Client.OpenAiJs] = RunNodeAsync("openai.mjs"),
            [Client.OpenAiDotNet] = Task.Run(() => OpenAiDotNet.Scenarios.RunAsync(_suite)),
            [Client.AnthropicJs0] = RunNodeAsync("anthropic.mjs @anthropic-ai/sdk-0"),
            [Client.AnthropicJs1] = RunNodeAsync("anthropic.mjs @anthropic-ai/sdk"),
            [Client.AnthropicDotNet] = Task.Run(() => AnthropicDotNet.Scenarios.RunAsync(_suite)),
        };
    }

    private async Task<IReadOnlyDictionary<string, Seen>> RunNodeAsync(string command)
    {
        var (account, key) = await _suite.OneCallCustomerAsync();
        var start = new ProcessStartInfo("node", command)
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests/EndToEnd.Tests/clients/acceptance"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ACCEPTANCE_URL"] = Wire.Url, ["ACCEPTANCE_ONE_CALL_ACCOUNT"] = account, ["ACCEPTANCE_ONE_CALL_KEY"] = key },
        };
        foreach (var name in new[] { "AIGC2D_BASE_URL", "AIGC2D_ADMIN_URL", "AIGC2D_ADMIN_KEY", "AIGC2D_SANDBOX_URL" }) start.Environment[name] = _suite[name];
        using var node = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var said = node.StandardError.ReadToEndAsync(patience.Token);
            var output = await node.StandardOutput.ReadToEndAsync(patience.Token);
            await node.WaitForExitAsync(patience.Token);
            Assert.True(node.ExitCode == 0, await said);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Seen>(line, JsonSerializerOptions.Web)!).ToDictionary(seen => seen.Name, StringComparer.Ordinal);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
    }
}
