using Npgsql;

namespace Aigc2d.Moderation.Lifetimes;

/// <summary>
/// Deletes records that have outlived their time, a batch of each kind at a time, so that no statement holds others up however much has gathered. The
/// service itself may not delete them: this runs as the owner.
/// </summary>
internal sealed class ForgetOldRecords(NpgsqlDataSource maintenance, LifetimeOptions lifetimes, TimeProvider time, ILogger<ForgetOldRecords> logger) : BackgroundService
{
    public const int MostRows = 5_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan WhileThereIsMore = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(1);

    /// <summary>Deletes at most <see cref="MostRows"/> of each kind.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> ForgetSomeAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var isMore = false;
        foreach (var (sql, lifetime) in Kinds())
        {
            await using var command = maintenance.CreateCommand(sql);
            command.Parameters.Add(new() { Value = (now - lifetime).UtcDateTime });
            command.Parameters.Add(new() { Value = MostRows });
            isMore |= await command.ExecuteNonQueryAsync(ct) == MostRows;
        }

        return isMore;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await TryForgetAsync(stoppingToken);
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan> TryForgetAsync(CancellationToken ct)
    {
        try
        {
            return await ForgetSomeAsync(ct) ? WhileThereIsMore : Interval;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            logger.LogWarning("Old records could not be deleted and wait: {Reason}", exception.GetType().Name);
            return AfterFault;
        }
    }

    private IEnumerable<(string Sql, TimeSpan Lifetime)> Kinds() =>
        [(Verdicts, lifetimes.Verdicts), (VerdictsOfStrikes, lifetimes.Strikes), (Strikes, lifetimes.Strikes), (Scores, lifetimes.Scores), (Refusals, lifetimes.Verdicts)];

    // Processes that delete at once take different rows.
    private const string Verdicts = """
        delete from verdicts where ctid = any(array(
            select ctid from verdicts where not strike and decided_at < $1 order by decided_at limit $2 for update skip locked))
        """;

    private const string VerdictsOfStrikes = """
        delete from verdicts where ctid = any(array(
            select ctid from verdicts where strike and decided_at < $1 order by decided_at limit $2 for update skip locked))
        """;

    private const string Strikes = """
        delete from violations where ctid = any(array(
            select ctid from violations where occurred_at < $1 order by occurred_at limit $2 for update skip locked))
        """;

    private const string Refusals = """
        delete from refusals where ctid = any(array(
            select ctid from refusals where occurred_at < $1 order by occurred_at limit $2 for update skip locked))
        """;

    private const string Scores = """
        delete from score_counts where ctid = any(array(
            select ctid from score_counts where hour < $1 order by hour limit $2 for update skip locked))
        """;
}
