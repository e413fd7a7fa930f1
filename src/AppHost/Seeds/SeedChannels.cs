using System.Globalization;
using System.Text.Json;

namespace Aigc2d.AppHost.Seeds;

/// <summary>Channels to begin with: the Sandbox for everything and, where the environment holds a provider's key, the real provider before it.</summary>
internal static class SeedChannels
{
    private const int RealPriority = 10;

    /// <summary>The names of the real providers' channels among them.</summary>
    /// <param name="admin">The admin listener.</param>
    /// <param name="settings">Where the Sandbox listens.</param>
    /// <param name="keyOf">A provider's key by the name of its variable; null or empty when there is none.</param>
    /// <param name="ct">Cancels the seeding.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(AdminApi admin, RunSettings settings, Func<string, string?> keyOf, CancellationToken ct)
    {
        var existing = (await admin.GetAsync("/admin/channels?limit=1000", ct))?.GetProperty("items").EnumerateArray().ToArray() ?? [];
        var sandbox = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.SandboxPort}");
        var real = new List<string>();
        foreach (var seed in SeedFiles.Read<ChannelSeed[]>("channels.json"))
        {
            if (seed.KeyVariable is null)
            {
                await SeedAsync(admin, existing, new Channel(seed.Provider, seed.Name, sandbox, seed.SandboxCredential, seed.Models, 0), ct);
            }
            else if (keyOf(seed.KeyVariable) is { Length: > 0 } key)
            {
                await SeedAsync(admin, existing, new Channel(seed.Provider, seed.Name, seed.BaseUrl!, key, seed.Models, RealPriority), ct);
                real.Add(seed.Name);
            }
        }

        return real;
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

    /// <summary>A channel of the file: to the Sandbox, or with an address and the variable that holds the key to the real provider.</summary>
    private sealed record ChannelSeed(string Name, string Provider, JsonElement[] Models, string? BaseUrl = null, string? KeyVariable = null, string SandboxCredential = "sandbox");

    private sealed record Channel(string Provider, string Name, string BaseUrl, string Credential, JsonElement[] Models, int Priority, int Weight = 1);
}
