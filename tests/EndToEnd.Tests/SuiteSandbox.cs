using System.Net.Http.Json;
using System.Text.Json;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>What the Sandbox has received, and what it waits for.</summary>
public sealed partial class Suite
{
    /// <summary>Reads from the Sandbox's control surface.</summary>
    public async Task<JsonElement> SandboxAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(_env["AIGC2D_SANDBOX_URL"] + path));
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>What the Sandbox has received for a model script.</summary>
    public async Task<int> UpstreamRequestsAsync(string upstreamModel)
    {
        using var response = await _http.GetAsync(new Uri($"{_env["AIGC2D_SANDBOX_URL"]}/sandbox/requests?model={Uri.EscapeDataString(upstreamModel)}"));
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("count").GetInt32();
    }

    /// <summary>How many requests for a model script the Sandbox is answering.</summary>
    public async Task<int> OpenUpstreamAsync(string script)
    {
        using var response = await _http.GetAsync(new Uri($"{_env["AIGC2D_SANDBOX_URL"]}/sandbox/open?model={Uri.EscapeDataString($"gpt-4o-mini@{script}")}"));
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("open").GetInt32();
    }

    /// <summary>The keys that the Sandbox was asked with for a model, in order.</summary>
    public async Task<string[]> UpstreamKeysAsync(string upstreamModel)
    {
        using var response = await _http.GetAsync(new Uri($"{_env["AIGC2D_SANDBOX_URL"]}/sandbox/requests?model={Uri.EscapeDataString(upstreamModel)}"));
        var requests = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("requests").EnumerateArray();
        return [.. requests.Select(request => request.GetProperty("headers").GetProperty("authorization").GetString()!)];
    }

    /// <summary>Lets answers that wait at a gate go.</summary>
    public async Task OpenGateAsync(string gate)
    {
        using var response = await _http.PostAsync(new Uri($"{_env["AIGC2D_SANDBOX_URL"]}/sandbox/gates/{gate}/open"), null);
        response.EnsureSuccessStatusCode();
    }
}
