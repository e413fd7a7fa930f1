using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>The channels' health as a page: whole in itself, without scripts, everything encoded. It loads itself again every ten seconds.</summary>
internal static class HealthPage
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="10">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>AIGC2D channels</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 80rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 0 } p { color: #555; margin: .2rem 0 .5rem }
        table { width: 100%; border-collapse: collapse } th, td { padding: .3rem .5rem; border-bottom: 1px solid #ddd; text-align: left; overflow-wrap: anywhere; vertical-align: top }
        th { border-bottom: 2px solid #1a1a1a } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } .bad { color: #a00; font-weight: 600 }
        </style></head><body>
        """;

    public static string Of(IReadOnlyList<ChannelHealthResponse> channels, DateTimeOffset now)
    {
        var page = new StringBuilder(Head);
        page.Append("<h1>Channels</h1><p>As one process has seen them, ").Append(Time(now)).Append(" UTC. Counts: last 10 seconds. First byte: last 5 minutes.</p>");
        foreach (var channel in channels) Add(page, channel);
        if (channels.Count == 0) page.Append("<p>There is no channel yet.</p>");
        return page.Append("</body></html>").ToString();
    }

    private static void Add(StringBuilder page, ChannelHealthResponse channel)
    {
        page.Append("<h2>").Append(Encode(channel.Name)).Append("</h2><p>").Append(Encode(channel.Provider))
            .Append(CultureInfo.InvariantCulture, $", priority {channel.Priority}, {Encode(channel.State)}, {channel.Running} running, {channel.Id}");
        if (channel.Region is { } region) page.Append(", region ").Append(Encode(region));
        if (channel.CostTodayMicropoints is { } cost) page.Append(CultureInfo.InvariantCulture, $", cost today {cost / 1_000_000m:N2} points");
        foreach (var limit in channel.ProviderLimits) page.Append(", ").Append(Encode(limit.Name)).Append(CultureInfo.InvariantCulture, $" left {limit.Remaining:N0}");
        page.Append("</p>");
        if (channel.Resting is { } rest) page.Append("<p class=bad>").Append(Encode(TextOf(rest))).Append("</p>");

        page.Append("<table><thead><tr><th>Model</th><th>Breaker</th><th class=n>Good</th><th class=n>Bad</th><th class=n>First byte p50</th><th class=n>p95</th><th>Last error</th></tr></thead><tbody>");
        foreach (var model in channel.Models) Add(page, model);
        page.Append("</tbody></table>");
    }

    private static void Add(StringBuilder page, ModelHealthResponse model)
    {
        page.Append("<tr><td>").Append(Encode(model.Model));
        if (model.Resting is { } rest) page.Append("<br><span class=bad>").Append(Encode(TextOf(rest))).Append("</span>");
        page.Append(model.Breaker == BreakerState.Closed ? "</td><td>" : "</td><td class=bad>").Append(model.Breaker switch
        {
            BreakerState.Closed => "closed",
            BreakerState.HalfOpen => "half-open",
            _ => "open",
        });
        if (model.OpenUntil is { } until) page.Append(" until ").Append(Time(until));
        page.Append(CultureInfo.InvariantCulture, $"</td><td class=n>{model.Successes}</td><td class=n>{model.Failures}</td><td class=n>{Milliseconds(model.FirstByteP50Ms)}</td><td class=n>{Milliseconds(model.FirstByteP95Ms)}</td><td>");
        if (model.LastError is { } error) page.Append(Time(error.At)).Append(' ').Append(Encode(error.Text));
        page.Append("</td></tr>");
    }

    private static string TextOf(RestResponse rest) => $"resting until {Time(rest.Until)}: {rest.Cause.Replace('_', ' ')}";

    private static string Milliseconds(long? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:N0} ms") : "";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
