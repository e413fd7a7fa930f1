using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Aigc2d.AppHost.Services;

/// <summary>What all services have in common: a port, a health check, an environment, the key they know each other by.</summary>
internal static class ServiceDefinitions
{
    /// <summary>Adds a service; without a fixed port it gets a free one.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> internalKey, int? port = null)
        where TProject : IProjectMetadata, new()
    {
        var service = builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true);
        return (port is null ? service.WithHttpEndpoint() : service.WithHttpEndpoint(port: port, isProxied: false))
            .WithHttpHealthCheck("/health", endpointName: "http")
            // Nobody else sets it: Aspire hides its own environment from its children.
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            // In development Aspire would put prompts into telemetry.
            .WithEnvironment("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "false")
            .WithEnvironment("MASSTRANSIT_USAGE_TELEMETRY", "false")
            .WithEnvironment("InternalAuth__Key", internalKey);
    }

    /// <summary>The service owns this database: it creates and migrates it when it starts.</summary>
    public static IResourceBuilder<ProjectResource> WithDatabase(this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithConnectionString> database) =>
        service.WithReference(database).WaitFor(database).WithEnvironment("Database__MigrateAtStartup", "true");

    public static IResourceBuilder<ProjectResource> WithMessaging(this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithConnectionString> messaging) =>
        service.WithReference(messaging, connectionName: "messaging").WaitFor(messaging);
}
