using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aigc2d.ServiceDefaults.Postgres;

/// <summary>The database of a service: a pool that runs as the application role with short time-outs, and one for maintenance.</summary>
public static class PostgresExtensions
{
    /// <summary>The key of the data source that logs in as the owner, for audits, exports and migrations.</summary>
    public const string Maintenance = "maintenance";

    /// <summary>
    /// Adds the data sources and the migrations in <paramref name="migrations"/>' embedded <c>*.sql</c> resources, which run before the service listens.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="database">The name of the connection string and of the database.</param>
    /// <param name="appRole">The role that statements run as; what it may do is decided by the migrations' grants.</param>
    /// <param name="migrations">The assembly with the migrations.</param>
    public static void AddPostgres(this WebApplicationBuilder builder, string database, string appRole, Assembly migrations)
    {
        var owner = builder.Configuration.GetConnectionString(database)
            ?? throw new InvalidOperationException($"ConnectionStrings:{database} must be set.");

        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(AppConnection(owner, appRole)));
        builder.Services.AddKeyedSingleton(Maintenance, (_, _) => NpgsqlDataSource.Create(MaintenanceConnection(owner)));
        builder.Services.AddHealthChecks().AddCheck<PostgresHealth>("postgres", timeout: TimeSpan.FromSeconds(3));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<Migrator>(
            services, new MigrationOptions(MaintenanceConnection(owner), appRole, [typeof(PostgresExtensions).Assembly, migrations])));
        builder.Services.AddHostedService<MigrationsAtStart>();
    }

    /// <summary>The connection of the request path: the application role, statements cut after 2 s, locks after 200 ms.</summary>
    public static string AppConnection(string owner, string appRole) => new NpgsqlConnectionStringBuilder(owner)
    {
        // The start-up option, not SET ROLE: it survives the pool's resets and costs no round trip.
        Options = $"-c role={appRole} -c statement_timeout=2000 -c lock_timeout=200 -c idle_in_transaction_session_timeout=10000",
        CommandTimeout = 5,
        Timeout = 3,
        MaxPoolSize = 40,

        // No automatic preparing: a statement that fails while it is being prepared that way breaks the next one on its connection
        // (npgsql 10.0.0, issue 6391), an innocent half of a split batch, say. Hot statements are prepared explicitly.
        NoResetOnClose = true,
    }.ConnectionString;

    /// <summary>The owner's connection, for work that may take minutes.</summary>
    public static string MaintenanceConnection(string owner) => new NpgsqlConnectionStringBuilder(owner)
    {
        CommandTimeout = 600,
        Timeout = 5,
        MaxPoolSize = 5,
    }.ConnectionString;
}
