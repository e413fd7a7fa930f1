using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Moderation.Screenings;

/// <summary>Counts screenings by stage, action and category, and times them. Nothing about a text leaves here.</summary>
internal sealed class ScreeningMetrics
{
    private readonly Counter<long> _screenings;
    private readonly Histogram<double> _duration;

    public ScreeningMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Aigc2d.Moderation.Screenings");
        _screenings = meter.CreateCounter<long>("aigc2d.moderation.screenings", "{screening}", "Screenings by stage, action and category.");
        _duration = meter.CreateHistogram<double>("aigc2d.moderation.screening.duration", "s", "Time to judge the texts of one request.");
    }

    public void Record(ScreeningStage stage, Judgement judgement, TimeSpan elapsed)
    {
        var tags = new TagList { { "stage", Name(stage) }, { "action", Name(judgement.Action) } };
        if (judgement.Deciding is { } rule) tags.Add("category", rule.Category);
        _screenings.Add(1, tags);
        _duration.Record(elapsed.TotalSeconds, new TagList { { "stage", Name(stage) } });
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
