using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.Sandbox.Tests.Kit;
using Aigc2d.TestKit;

[assembly: AssemblyFixture(typeof(SandboxFixture))]

namespace Aigc2d.Sandbox.Tests.Kit;

/// <summary>One Sandbox for all tests, and the official clients that are run against it.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, Lazy<Task<JsonElement>>> _clients = new(StringComparer.Ordinal);

    public ServiceUnderTest Sandbox { get; private set; } = null!;

    public HttpClient Client => Sandbox.Client;

    public async ValueTask InitializeAsync() => Sandbox = await ServiceUnderTest.StartAsync(SandboxApp.Build, new Dictionary<string, string?>());

    public async ValueTask DisposeAsync() => await Sandbox.DisposeAsync();

    /// <summary>What a client's script printed: each client runs once, all its scenarios side by side.</summary>
    public Task<JsonElement> RunClientAsync(string command) =>
        _clients.GetOrAdd(command, asked => new Lazy<Task<JsonElement>>(() => RunAsync(asked))).Value;

    /// <summary>Sends a request and reads its answer to the end, however that comes.</summary>
    public Task<WireAnswer> SendAsync(HttpMethod method, string path, string? body, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body, CancellationToken.None, headers);

    /// <summary>The same, but the caller may go away.</summary>
    public async Task<WireAnswer> SendAsync(HttpMethod method, string path, string? body, CancellationToken ct, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, null, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        var (text, isBroken) = await ReadAsync(response, ct);
        return new WireAnswer((int)response.StatusCode, text, isBroken, response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The requests that were received for a model.</summary>
    public async Task<JsonElement[]> ReceivedAsync(string model) =>
        [.. (await Client.GetFromJsonAsync<JsonElement>($"/sandbox/requests?model={Uri.EscapeDataString(model)}")).GetProperty("requests").EnumerateArray()];

    private static async Task<(string Text, bool IsBroken)> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        using var text = new MemoryStream();
        var isBroken = false;
        try
        {
            await response.Content.CopyToAsync(text, ct);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            isBroken = true;
        }

        return (System.Text.Encoding.UTF8.GetString(text.ToArray()), isBroken);
    }

    private async Task<JsonElement> RunAsync(string command)
    {
        var start = new ProcessStartInfo("node", command)
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests/Sandbox.Tests/clients"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SANDBOX_URL"] = Sandbox.BaseAddress.ToString().TrimEnd('/') },
        };
        using var node = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var said = node.StandardError.ReadToEndAsync(patience.Token);
            var output = await node.StandardOutput.ReadToEndAsync(patience.Token);
            await node.WaitForExitAsync(patience.Token);
            Assert.True(node.ExitCode == 0 && output.Length > 0, await said);
            return JsonSerializer.Deserialize<JsonElement>(output);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>An answer read to its end: cleanly, or broken off.</summary>
public sealed record WireAnswer(int Status, string Text, bool IsBroken, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The data of the server-sent events.</summary>
    public string[] Frames => [.. Text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..])];
}
