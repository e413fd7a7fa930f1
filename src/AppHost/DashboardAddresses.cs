using System.Globalization;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace Aigc2d.AppHost;

/// <summary>Tells Aspire's own dashboard where to listen when the AppHost is started without a launch profile.</summary>
internal static class DashboardAddresses
{
    // Aspire sets it when the dashboard is part of the run; compat mode has no dashboard.
    private const string BrowserToken = "AppHost:BrowserToken";

    public static void AddDashboardAddresses(this IDistributedApplicationBuilder builder, RunSettings settings)
    {
        if (builder.Configuration[BrowserToken] is null || builder.Configuration["ASPNETCORE_URLS"] is not null)
        {
            return;
        }

        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = Url(settings.DashboardPort),
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Url(settings.DashboardPort + 1),
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = Url(settings.DashboardPort + 2),
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        });
    }

    /// <summary>Where an operator looks: the dashboard when there is one, else the control address.</summary>
    public static string OperatorUrl(IConfiguration configuration, RunSettings settings) => configuration[BrowserToken] is { } token
        ? $"{Url(settings.DashboardPort)}/login?t={token}"
        : string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{settings.ControlPort}");

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
}
