using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Aigc2d.AppHost.Seeds;

/// <summary>An account of a local run and the key that opens it.</summary>
internal sealed record DemoAccount(string Id, string Key);

/// <summary>Creates the accounts of a local run once; their keys are shown only at creation, so they are kept beside the data.</summary>
internal sealed class SeedAccounts(AdminApi admin, IHttpClientFactory clients, RunSettings settings)
{
    private const long MicropointsPerPoint = 1_000_000;

    /// <summary>The account that the user of this run works with.</summary>
    public Task<DemoAccount> DemoAsync(CancellationToken ct) => FindOrCreateAsync("demo", 10_000 * MicropointsPerPoint, ct);

    /// <summary>A second account pays for warming up, so that the demo account keeps its points.</summary>
    public Task<DemoAccount> WarmUpAsync(CancellationToken ct) => FindOrCreateAsync("warm-up", 1_000 * MicropointsPerPoint, ct);

    private async Task<DemoAccount> FindOrCreateAsync(string name, long micropoints, CancellationToken ct)
    {
        var path = Path.Combine(settings.DataDirectory, $"{name}.env");
        if (File.Exists(path) && Parse(await File.ReadAllLinesAsync(path, ct)) is { } kept && await IsKnownAsync(kept.Key, ct))
        {
            return kept;
        }

        var created = await admin.PostAsync("/admin/accounts", new { name, micropoints }, ct);
        var account = new DemoAccount(created.GetProperty("id").GetString()!, created.GetProperty("key").GetProperty("key").GetString()!);
        PrivateFile.Write(path, $"ID={account.Id}\nKEY={account.Key}\n");
        return account;
    }

    /// <summary>The file may be older than the database: only a key that is refused as unknown is replaced.</summary>
    private async Task<bool> IsKnownAsync(string key, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.Port}/v1/models"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var client = clients.CreateClient(nameof(SeedAccounts));
        using var response = await client.SendAsync(request, ct);
        return response.StatusCode != HttpStatusCode.Unauthorized;
    }

    private static DemoAccount? Parse(string[] lines)
    {
        var values = lines.Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return values.TryGetValue("ID", out var id) && values.TryGetValue("KEY", out var key) ? new DemoAccount(id, key) : null;
    }
}
