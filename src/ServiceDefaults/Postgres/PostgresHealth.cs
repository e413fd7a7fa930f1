using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aigc2d.ServiceDefaults.Postgres;

/// <summary>Whether the database answers.</summary>
internal sealed class PostgresHealth(NpgsqlDataSource db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = db.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
