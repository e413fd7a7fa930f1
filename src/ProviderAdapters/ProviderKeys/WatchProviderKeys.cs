using Npgsql;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>Loads customers' own keys before the service listens, and an account's again whenever another replica changes one; a slow poll covers lost notifications.</summary>
internal sealed class WatchProviderKeys(ProviderKeyDirectory directory, NpgsqlDataSource db, TimeProvider time, ILogger<WatchProviderKeys> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await directory.ReloadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Customers' provider keys could not be read; the last known ones stay in force: {Reason}", exception.Message);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        var changed = new HashSet<Guid>();
        await using var connection = await db.OpenConnectionAsync(ct);
        connection.Notification += (_, notice) => changed.Add(Guid.Parse(notice.Payload));
        await using var listen = new NpgsqlCommand($"listen {ProviderKeyDirectory.Changed}", connection);
        await listen.ExecuteNonQueryAsync(ct);

        // After listening, so that nothing is missed in between.
        await directory.ReloadAsync(ct);
        while (true)
        {
            var isNews = await connection.WaitAsync(Poll, ct);
            Guid[] accounts = [.. changed];
            changed.Clear();
            await directory.ReloadAsync(isNews ? accounts : null, ct);
        }
    }
}
