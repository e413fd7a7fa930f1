using Npgsql;

namespace Aigc2d.Moderation.Tallies;

/// <summary>
/// Writes what was counted behind the answers, everything since the last time and once a second at most. What a crash takes along is missing, at most a
/// second's counts; what the database may have taken before it broke off is counted again.
/// </summary>
internal sealed class WriteTallies(ScoreTally tally, NpgsqlDataSource db, TimeProvider time, ILogger<WriteTallies> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // So many take a fraction of the time that a statement has, however much has gathered while the database was away.
    private const int MostCells = 5_000;

    private readonly TallyTable _table = new(db);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Writes what has been counted until now.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            var counts = tally.Take();
            try
            {
                foreach (var some in counts.ToArray().Chunk(MostCells))
                {
                    await _table.AddAsync(some, ct);
                    foreach (var written in some) counts.Remove(written.Key);
                }
            }
            finally
            {
                tally.Return(counts);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryFlushAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryFlushAsync(CancellationToken ct)
    {
        try
        {
            await FlushAsync(ct);
        }
        catch (Exception exception)
        {
            if (!ct.IsCancellationRequested) logger.LogWarning("Counts of screenings could not be written and are kept: {Reason}", exception.GetType().Name);
        }
    }
}
