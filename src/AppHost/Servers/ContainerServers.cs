using Aspire.Hosting;

namespace Aigc2d.AppHost.Servers;

/// <summary>PostgreSQL and RabbitMQ in containers; their data live in volumes that belong to this checkout.</summary>
internal static class ContainerServers
{
    public static ServerConnections Add(IDistributedApplicationBuilder builder, RunSettings settings, ServerCredentials credentials)
    {
        var postgres = builder.AddPostgres("postgres", credentials.PostgresUser, credentials.PostgresPassword, settings.PostgresPort).WithDataVolume();
        var rabbit = builder.AddRabbitMQ("messaging", credentials.RabbitUser, credentials.RabbitPassword, settings.RabbitMqPort).WithDataVolume().WithManagementPlugin(settings.RabbitMqPort + 3);
        return new ServerConnections(
            postgres.AddDatabase("accountsdb"), postgres.AddDatabase("billingdb"), postgres.AddDatabase("moderationdb"), postgres.AddDatabase("adaptersdb"), rabbit);
    }
}
