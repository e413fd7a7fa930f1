using Npgsql;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Loads a table before the service listens, and again whenever another replica announces a change; a slow poll covers lost notifications.</summary>
/// <param name="channel">The notification that every change sends within its transaction.</param>
/// <param name="poll">How long a lost notification may go unnoticed.</param>
internal abstract class WatchTable(string channel, TimeSpan poll, NpgsqlDataSource db, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReloadAsync(null, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Reads the table again: what the payloads name, or all of it when they are null.</summary>
    protected abstract Task ReloadAsync(IReadOnlyCollection<string>? payloads, CancellationToken ct);

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
                logger.LogWarning("Changes could not be read ({Channel}); what was known last stays in force: {Reason}", channel, exception.Message);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var payloads = new HashSet<string>(StringComparer.Ordinal);
        connection.Notification += (_, notice) => payloads.Add(notice.Payload);
        await using var listen = new NpgsqlCommand($"listen {channel}", connection);
        await listen.ExecuteNonQueryAsync(ct);

        // After listening, so that nothing is missed in between.
        await ReloadAsync(null, ct);
        while (true)
        {
            var isNews = await connection.WaitAsync(poll, ct);
            string[] news = [.. payloads];
            payloads.Clear();
            await ReloadAsync(isNews ? news : null, ct);
        }
    }
}
