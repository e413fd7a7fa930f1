using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>What one scenario of a .NET client may ask of the world around it, and what it saw.</summary>
internal sealed class DotNetCall(Suite suite)
{
    /// <summary>Results are written as the JavaScript clients write theirs.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    public const string WeatherSchema = """{"type":"object","properties":{"city":{"type":"string"},"celsius":{"type":"integer"}},"required":["city","celsius"],"additionalProperties":false}""";
    public const string CitySchema = """{"type":"object","properties":{"city":{"type":"string"}}}""";
    /// <summary>What an account of a scenario starts with, micropoints.</summary>
    public const long Opening = 1_000_000_000;

    private static readonly Dictionary<string, (string Upstream, string Credential)> Families = new(StringComparer.Ordinal)
    {
        ["openai"] = ("gpt-4o-mini", "sandbox"),
        ["anthropic"] = ("claude-haiku-4-5", "sandbox"),
        ["wenxin"] = ("ernie-bot-4", "sandbox:sandbox"),
        ["wenxin-v2"] = ("ernie-4.0-8k", "sandbox"),
    };

    private string? _channel;

    public string? Account { get; private set; }

    public string? Key { get; set; }

    /// <summary>The scripted name of the last model.</summary>
    public string Upstream { get; private set; } = "";

    /// <summary>The public API as the clients are told it.</summary>
    public string Url => suite.Clients.Wire.Url;

    /// <summary>A name that no other scenario uses.</summary>
    public static string Unique() => $"c{Guid.CreateVersion7():N}";

    /// <summary>An account with points, its key and a model on a channel to the Sandbox.</summary>
    public async Task<(string Key, string Model)> BeginAsync(string script, string family = "openai", long micropoints = Opening)
    {
        var key = await CustomerAsync(micropoints);
        return (key, await ModelAsync(script, family));
    }

    public async Task<string> CustomerAsync(long micropoints = Opening)
    {
        (Account, Key) = await suite.AccountAsync(micropoints);
        return Key;
    }

    /// <summary>A customer of a plan that lets one call run at a time.</summary>
    public async Task<string> OneCallCustomerAsync()
    {
        (Account, Key) = await suite.OneCallCustomerAsync();
        return Key;
    }

    /// <summary>A model at 6 and 8 points per 1,000 tokens.</summary>
    public async Task<string> ModelAsync(string script, string family = "openai", string? upstream = null)
    {
        var (usual, credential) = Families[family];
        Upstream = (upstream ?? usual) + (script.Length == 0 ? "" : $"@{script}");
        (var model, _channel) = await suite.ModelOfAsync(family, Upstream, credential);
        return model;
    }

    /// <summary>Switches the last channel off.</summary>
    public Task DisableAsync() => suite.SetUpAsync(HttpMethod.Patch, $"/admin/channels/{_channel}", new { state = "disabled" });

    /// <summary>Another key of the same account that may call these models only.</summary>
    public async Task<string> RestrictedAsync(string key, params string[] models)
    {
        var (status, text) = (503, "");
        await Eventually.True(async () =>
        {
            using var made = await suite.SendAsync(HttpMethod.Post, "/api/keys", key, JsonContent.Create(new { name = "restricted", scopes = new[] { "inference" }, models }));
            (status, text) = ((int)made.StatusCode, await made.Content.ReadAsStringAsync());
            return status != 503;
        });
        Assert.True(status == 201, text);
        return Key = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("key").GetString()!;
    }

    /// <summary>How many requests the Sandbox has received for the last model.</summary>
    public Task<int> AskedAsync() => suite.UpstreamRequestsAsync(Upstream);

    /// <summary>The body of the first request for the last model.</summary>
    public Task<JsonElement> ReceivedAsync() => suite.UpstreamBodyAsync(Upstream);

    /// <summary>Waits until so many calls of the last model are open at the Sandbox.</summary>
    public async Task<int> OpenedAsync(int count)
    {
        await Eventually.Equal(count, () => suite.OpenCallsAsync(Upstream));
        return count;
    }

    public Task OpenGateAsync(string gate) => suite.OpenGateAsync(gate);
}
