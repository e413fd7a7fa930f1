using System.Globalization;
using System.Text.Json;

namespace Aigc2d.AppHost.Seeds;

/// <summary>Channels to begin with: the Sandbox for everything and, when the environment holds a key, the real provider before it.</summary>
internal static class SeedChannels
{
    /// <summary>Whether a real provider is among them.</summary>
    public static async Task<bool> RunAsync(AdminApi admin, RunSettings settings, string? openAiKey, CancellationToken ct)
    {
        var existing = (await admin.GetAsync("/admin/channels", ct))?.GetProperty("items").EnumerateArray().ToArray() ?? [];
        var models = SeedFiles.Read<ChannelFile>("channels.json");
        await SeedAsync(admin, existing, new Channel("openai", "sandbox-openai", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.SandboxPort}"), "sandbox", models.SandboxOpenAi, 0), ct);
        if (string.IsNullOrEmpty(openAiKey))
        {
            return false;
        }

        await SeedAsync(admin, existing, new Channel("openai", "openai", "https://api.openai.com", openAiKey, models.OpenAi, 10), ct);
        return true;
    }

    private static async Task SeedAsync(AdminApi admin, JsonElement[] existing, Channel wanted, CancellationToken ct)
    {
        var found = existing.FirstOrDefault(channel => channel.GetProperty("name").GetString() == wanted.Name);
        if (found.ValueKind == JsonValueKind.Undefined)
        {
            await admin.PostAsync("/admin/channels", wanted, ct);
            return;
        }

        // The ports or the provider's key may have changed since; everything else is the operator's.
        var path = $"/admin/channels/{found.GetProperty("id").GetString()}";
        if (found.GetProperty("baseUrl").GetString() != wanted.BaseUrl)
        {
            await admin.PatchAsync(path, new { baseUrl = wanted.BaseUrl }, ct);
        }

        if (!wanted.Credential.EndsWith(found.GetProperty("credentialLast4").GetString() ?? "", StringComparison.Ordinal))
        {
            await admin.PatchAsync(path, new { credential = wanted.Credential }, ct);
        }
    }

    private sealed record ChannelFile(JsonElement[] SandboxOpenAi, JsonElement[] OpenAi);

    private sealed record Channel(string Provider, string Name, string BaseUrl, string Credential, JsonElement[] Models, int Priority, int Weight = 1);
}
