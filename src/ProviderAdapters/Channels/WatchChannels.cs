using Npgsql;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Loads the channels before the service listens, and again whenever another replica changes one; a slow poll covers lost notifications.</summary>
internal sealed class WatchChannels(ChannelDirectory directory, NpgsqlDataSource db, TimeProvider time, ILogger<WatchChannels> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(30);
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
                logger.LogWarning("Channels could not be read; the last known ones stay in force: {Reason}", exception.Message);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var listen = new NpgsqlCommand($"listen {ChannelDirectory.Changed}", connection);
        await listen.ExecuteNonQueryAsync(ct);
        while (true)
        {
            // After listening, so that nothing is missed in between.
            await directory.ReloadAsync(ct);
            await connection.WaitAsync(Poll, ct);
        }
    }
}
