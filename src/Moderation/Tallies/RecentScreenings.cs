using Npgsql;

namespace Aigc2d.Moderation.Tallies;

/// <summary>Reads what previews compare over: the scores of the last seven days, those just counted included.</summary>
/// <param name="tallies">What has been counted and not written yet.</param>
/// <param name="maintenance">Millions of rows take longer than a request of the service may.</param>
internal sealed class RecentScreenings(WriteTallies tallies, NpgsqlDataSource maintenance)
{
    private static readonly TimeSpan Span = TimeSpan.FromDays(7);

    /// <summary>The scores, and since when: a full hour.</summary>
    public async Task<(DateTimeOffset Since, RecentScores Scores)> ReadAsync(DateTimeOffset now, CancellationToken ct)
    {
        await tallies.FlushAsync(ct);
        var start = (now - Span).UtcDateTime;
        var since = new DateTimeOffset(start.Date.AddHours(start.Hour), TimeSpan.Zero);
        return (since, await RecentScores.ReadAsync(maintenance, since, ct));
    }
}
