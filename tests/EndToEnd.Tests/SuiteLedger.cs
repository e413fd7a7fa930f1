using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>Customers with points, and what the ledger and finance know of them.</summary>
public sealed partial class Suite
{
    /// <summary>The ledger's database, as its owner.</summary>
    public string BillingDb => DatabaseOf("billingdb");

    /// <summary>A fresh account with points; answers its id and key.</summary>
    public async Task<(string Id, string Key)> CustomerAsync(long micropoints)
    {
        var created = await AdminAsync(HttpMethod.Post, "/admin/accounts", new { name = $"test {Guid.CreateVersion7()}", micropoints });
        return (created.GetProperty("id").GetString()!, created.GetProperty("key").GetProperty("key").GetString()!);
    }

    /// <summary>Balance and held, micropoints.</summary>
    public async Task<(long Balance, long Held)> PointsOfAsync(string account)
    {
        var shown = await AdminAsync(HttpMethod.Get, $"/admin/accounts/{account}");
        return (shown.GetProperty("balanceMicropoints").GetInt64(), shown.GetProperty("heldMicropoints").GetInt64());
    }

    /// <summary>The charges of an account as finance reads them over HTTP.</summary>
    public async Task<JsonElement[]> ChargesOfAsync(string account)
    {
        var charges = new List<JsonElement>();
        for (long after = 0; ;)
        {
            using var response = await SendAsync(HttpMethod.Get, $"{_env["AIGC2D_ADMIN_URL"]}/finance/events?after={after}&limit=10000", _env["AIGC2D_FINANCE_KEY"], null, HttpCompletionOption.ResponseContentRead, null);
            response.EnsureSuccessStatusCode();
            var page = await response.Content.ReadFromJsonAsync<JsonElement>();
            if (page.GetProperty("events").GetArrayLength() == 0) return [.. charges];

            charges.AddRange(page.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("subject").GetString() == account && e.GetProperty("type").GetString() == "billing.usage.charged.v1"));
            after = page.GetProperty("next").GetInt64();
        }
    }

    /// <summary>Reads from the admin listener as finance does.</summary>
    public async Task<JsonElement> FinanceAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, _env["AIGC2D_ADMIN_URL"] + path, _env["AIGC2D_FINANCE_KEY"], null, HttpCompletionOption.ResponseContentRead, null);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The ledger's audit on the live database: <c>./aigc2d audit</c>.</summary>
    public async Task<string> AuditAsync()
    {
        var dll = Path.Combine(Repository.Root, "src/Billing/bin", Configuration, "net10.0/Aigc2d.Billing.dll");
        var start = new ProcessStartInfo("dotnet", [dll, "--audit"]) { RedirectStandardOutput = true, Environment = { ["ConnectionStrings__billingdb"] = BillingDb } };
        using var audit = Process.Start(start)!;
        var report = await audit.StandardOutput.ReadToEndAsync();
        await audit.WaitForExitAsync();
        return string.Join('\n', report.Split('\n').Where(line => !line.StartsWith("ok ", StringComparison.Ordinal) && line.Length > 0));
    }
}
