using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Aigc2d.AppHost.Servers;

/// <summary>PostgreSQL and RabbitMQ in containers; their data live in volumes that belong to this checkout.</summary>
internal static class ContainerServers
{
    public static ServerConnections Add(
        IDistributedApplicationBuilder builder,
        RunSettings settings,
        IResourceBuilder<ParameterResource> postgresUser,
        IResourceBuilder<ParameterResource> postgresPassword,
        IResourceBuilder<ParameterResource> rabbitUser,
        IResourceBuilder<ParameterResource> rabbitPassword)
    {
        var postgres = builder.AddPostgres("postgres", postgresUser, postgresPassword, settings.PostgresPort).WithDataVolume();
        var rabbit = builder.AddRabbitMQ("messaging", rabbitUser, rabbitPassword, settings.RabbitMqPort).WithDataVolume().WithManagementPlugin(settings.RabbitMqPort + 3);
        return new ServerConnections(
            postgres.AddDatabase("accountsdb"), postgres.AddDatabase("billingdb"), postgres.AddDatabase("moderationdb"), postgres.AddDatabase("adaptersdb"), rabbit);
    }
}
