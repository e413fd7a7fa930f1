using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Aigc2d.Gateway.Edges;

/// <summary>What is known of a request on its way through: its id and how long each part took so far.</summary>
internal sealed class CallTrail(TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    /// <summary>Names the screening, hold, call, usage and charge of this request.</summary>
    public Guid RequestId { get; } = Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>How long the request has been here.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_startedAt);

    /// <summary>How long screening and hold took; null when the request never came so far.</summary>
    public TimeSpan? Admission { get; set; }

    /// <summary>How long the provider took until its answer began; null when the request never came so far.</summary>
    public TimeSpan? Upstream { get; set; }

    public static CallTrail Of(HttpContext context) => context.Features.GetRequiredFeature<CallTrail>();

    /// <summary>The value of <c>Server-Timing</c>, milliseconds.</summary>
    public string ToServerTiming()
    {
        var text = new StringBuilder();
        if (Admission is { } admission) Append(text, "admission", admission);
        if (Upstream is { } upstream) Append(text, "upstream", upstream);
        return Append(text, "total", Elapsed).ToString();
    }

    private static StringBuilder Append(StringBuilder text, string name, TimeSpan duration)
    {
        if (text.Length > 0) text.Append(", ");
        return text.Append(CultureInfo.InvariantCulture, $"{name};dur={duration.TotalMilliseconds:0.###}");
    }
}
