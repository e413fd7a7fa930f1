using System.Globalization;

namespace Aigc2d.Moderation.Lifetimes;

/// <summary>How long records of screenings are kept.</summary>
/// <param name="Verdicts">Blocks and reviews that count against nobody, and refusals by providers.</param>
/// <param name="Strikes">Strikes, and the verdicts behind them.</param>
/// <param name="Scores">The counts of scores.</param>
internal sealed record LifetimeOptions(TimeSpan Verdicts, TimeSpan Strikes, TimeSpan Scores)
{
    // Previews look back seven days.
    private const int LeastPreviewedDays = 8;

    // The ladder looks back 90 days; what it has decided by is still there while people review it and the customer appeals.
    private const int LeastStrikeDays = 120;
    private const int MostDays = 3_650;

    /// <exception cref="InvalidOperationException">A setting makes no sense; it is named.</exception>
    public static LifetimeOptions Of(IConfiguration configuration) => new(
        DaysOf(configuration, "Moderation:KeepVerdictsDays", LeastPreviewedDays, usual: 90),
        DaysOf(configuration, "Moderation:KeepStrikesDays", LeastStrikeDays, usual: 180),
        DaysOf(configuration, "Moderation:KeepScoresDays", LeastPreviewedDays, usual: 30));

    private static TimeSpan DaysOf(IConfiguration configuration, string setting, int least, int usual)
    {
        var text = configuration[setting];
        if (string.IsNullOrEmpty(text)) return TimeSpan.FromDays(usual);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days >= least && days <= MostDays
            ? TimeSpan.FromDays(days)
            : throw new InvalidOperationException($"{setting} is '{text}'; it must be a number of days from {least} to {MostDays}.");
    }
}
