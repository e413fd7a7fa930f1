using Aspire.Hosting;

namespace Aigc2d.AppHost.Servers;

/// <summary>Servers that somebody else runs; configuration holds ConnectionStrings:&lt;name&gt; for each.</summary>
internal static class ExternalServers
{
    public static ServerConnections Add(IDistributedApplicationBuilder builder) => new(
        builder.AddConnectionString("accountsdb"),
        builder.AddConnectionString("billingdb"),
        builder.AddConnectionString("moderationdb"),
        builder.AddConnectionString("adaptersdb"),
        builder.AddConnectionString("messaging"));
}
