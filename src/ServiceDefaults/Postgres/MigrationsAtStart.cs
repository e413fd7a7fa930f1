using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Aigc2d.ServiceDefaults.Postgres;

/// <summary>Migrates before anything else of the service starts; waits up to a minute for a database that is still starting.</summary>
internal sealed class MigrationsAtStart(Migrator migrator, TimeProvider time, ILogger<MigrationsAtStart> logger) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var started = time.GetTimestamp(); ;)
        {
            try
            {
                await migrator.MigrateAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient && time.GetElapsedTime(started) < Patience)
            {
                logger.LogWarning("The database is not ready yet: {Reason}", exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
