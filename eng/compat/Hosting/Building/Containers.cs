using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>What would run in a container: it can be written down, and says so when it is asked to run.</summary>
internal static class Containers
{
    public static T Refuse<T>(string what) => throw new DistributedApplicationException($"{what} needs a container runtime; use Infrastructure:Mode=local");
}

/// <summary>PostgreSQL in a container.</summary>
public static class PostgresBuilderExtensions
{
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        Containers.Refuse<IResourceBuilder<PostgresServerResource>>($"AddPostgres(\"{name}\")");

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null) =>
        Containers.Refuse<IResourceBuilder<PostgresDatabaseResource>>($"AddDatabase(\"{name}\")");

    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) => builder;
}

/// <summary>RabbitMQ in a container.</summary>
public static class RabbitMQBuilderExtensions
{
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        Containers.Refuse<IResourceBuilder<RabbitMQServerResource>>($"AddRabbitMQ(\"{name}\")");

    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) => builder;

    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder, int? port) => builder;
}
