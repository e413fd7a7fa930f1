using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aigc2d.AppHost.Servers;

/// <summary>PostgreSQL and RabbitMQ from the system's packages, run as private processes with their data under the artifacts folder.</summary>
internal static class LocalServers
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(3);

    public static ServerConnections Add(IDistributedApplicationBuilder builder, RunSettings settings, ServerCredentials credentials)
    {
        var (postgresUser, postgresPassword, rabbitUser, rabbitPassword) = credentials;
        var postgres = AddServer(builder, settings, "postgres", "postgres", settings.PostgresPort, ct => PostgresProbe.CheckAsync(settings.PostgresPort, ct))
            .WithEnvironment("POSTGRES_USER", postgresUser)
            .WithEnvironment("POSTGRES_PASSWORD", postgresPassword);
        var rabbit = AddServer(builder, settings, "messaging", "rabbitmq", settings.RabbitMqPort, ct => ListenerProbe.CheckAsync(settings.RabbitMqPort, ct))
            .WithEnvironment("RABBITMQ_DEFAULT_USER", rabbitUser)
            .WithEnvironment("RABBITMQ_DEFAULT_PASS", rabbitPassword)
            .WithEnvironment("AIGC2D_RABBITMQ_PLUGINS", "management");

        var postgresPort = postgres.GetEndpoint("tcp").Property(EndpointProperty.Port);
        var rabbitPort = rabbit.GetEndpoint("tcp").Property(EndpointProperty.Port);
        return new ServerConnections(
            Database("accountsdb"),
            Database("billingdb"),
            Database("moderationdb"),
            Database("adaptersdb"),
            builder.AddConnectionString("messaging-url", ReferenceExpression.Create($"amqp://{rabbitUser:uri}:{rabbitPassword:uri}@127.0.0.1:{rabbitPort}")).WaitFor(rabbit));

        IResourceBuilder<IResourceWithConnectionString> Database(string name) => builder.AddConnectionString(
            name, ReferenceExpression.Create($"Host=127.0.0.1;Port={postgresPort};Username={postgresUser};Password={postgresPassword};Database={name}")).WaitFor(postgres);
    }

    private static IResourceBuilder<ExecutableResource> AddServer(
        IDistributedApplicationBuilder builder, RunSettings settings, string name, string program, int port, Func<CancellationToken, Task<HealthCheckResult>> probe)
    {
        var check = $"{name}_listens";
        builder.Services.AddHealthChecks().AddAsyncCheck(check, probe, tags: null, ProbeTimeout);
        return builder.AddExecutable(name, "bash", builder.AppHostDirectory, Path.Combine(builder.AppHostDirectory, "local", $"{program}.sh"))
            .WithEndpoint(port: port, scheme: "tcp", name: "tcp", env: "PORT", isProxied: false)
            .WithEnvironment("DATA_DIR", Path.Combine(settings.DataDirectory, program))
            .WithHealthCheck(check);
    }
}
