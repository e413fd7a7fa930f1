namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server in a container.</summary>
public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    internal PostgresServerResource(string name, ReferenceExpression connectionString)
        : base(name) => ConnectionStringExpression = connectionString;

    public ReferenceExpression ConnectionStringExpression { get; }
}

/// <summary>A database of a PostgreSQL server in a container.</summary>
public class PostgresDatabaseResource : Resource, IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    internal PostgresDatabaseResource(string name, PostgresServerResource parent)
        : base(name) => Parent = parent;

    public PostgresServerResource Parent { get; }

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent.ConnectionStringExpression};Database={Name}");
}

/// <summary>A RabbitMQ broker in a container.</summary>
public class RabbitMQServerResource : ContainerResource, IResourceWithConnectionString
{
    internal RabbitMQServerResource(string name, ReferenceExpression connectionString)
        : base(name) => ConnectionStringExpression = connectionString;

    public ReferenceExpression ConnectionStringExpression { get; }
}
