using System.Data.Common;
using System.Globalization;
using System.Text;
using Aigc2d.AppHost.Seeds;
using Aigc2d.AppHost.Servers;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.AppHost.LocalRuns;

/// <summary>What a shell needs to talk to the suite: <c>. artifacts/local.env</c>.</summary>
internal static class LocalEnv
{
    public static async Task<string> TextAsync(RunSettings settings, IConfiguration configuration, ServerConnections servers, DemoAccount demo, CancellationToken ct)
    {
        var database = await servers.AccountsDb.Resource.GetConnectionStringAsync(ct);
        var broker = await servers.Messaging.Resource.GetConnectionStringAsync(ct);
        return Format(
        [
            ("AIGC2D_BASE_URL", Loopback(settings.Port)),
            ("AIGC2D_API_KEY", demo.Key),
            ("AIGC2D_ADMIN_URL", Loopback(settings.AdminPort)),
            ("AIGC2D_ADMIN_KEY", Secrets.Find(configuration, "admin-key")!),
            ("AIGC2D_ADMIN_KEY_2", Secrets.Find(configuration, "admin-key-2")!),
            ("AIGC2D_FINANCE_KEY", Secrets.Find(configuration, "finance-key")!),
            ("AIGC2D_OPERATOR_URL", DashboardAddresses.OperatorUrl(configuration, settings)),
            ("AIGC2D_RABBITMQ_URL", ServerUrl(broker!)),
            ("AIGC2D_POSTGRES_URL", PostgresUrl(database!)),
            ("AIGC2D_SANDBOX_URL", Loopback(settings.SandboxPort)),
        ]);
    }

    public static string Format(IEnumerable<(string Name, string Value)> variables)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in variables)
        {
            text.Append(CultureInfo.InvariantCulture, $"export {name}='{value.Replace("'", @"'\''", StringComparison.Ordinal)}'\n");
        }

        return text.ToString();
    }

    /// <summary>The server of a database as psql takes it; the caller appends the database's name.</summary>
    public static string PostgresUrl(string connectionString)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        string Part(string name) => Uri.EscapeDataString(parts.TryGetValue(name, out var value) ? (string)value : "");
        return $"postgresql://{Part("Username")}:{Part("Password")}@{Part("Host")}:{(parts.ContainsKey("Port") ? Part("Port") : "5432")}";
    }

    private static string ServerUrl(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
