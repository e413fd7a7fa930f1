using System.Globalization;
using System.Text;

namespace Aigc2d.Gateway.Limits;

/// <summary>Writes the <c>x-ratelimit-*</c> headers.</summary>
internal static class RateHeaders
{
    /// <summary>The names, for browsers to be allowed to read them.</summary>
    public static readonly string[] Names =
    [
        "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
        "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens",
    ];

    public static void Write(IHeaderDictionary headers, LimitVerdict verdict)
    {
        Write(headers, "requests", verdict.Requests);
        Write(headers, "tokens", verdict.Tokens);
    }

    /// <summary>A duration as OpenAI spells it: <c>120ms</c>, <c>1.5s</c>, <c>6m0s</c>, <c>1h2m3s</c>.</summary>
    public static string Spell(TimeSpan time)
    {
        var milliseconds = (long)Math.Ceiling(time.TotalMilliseconds);
        if (milliseconds < 1000) return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");

        var text = new StringBuilder();
        var (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60);
        if (hours > 0) text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        if (hours > 0 || minutes > 0) text.Append(CultureInfo.InvariantCulture, $"{minutes}m");
        return text.Append(CultureInfo.InvariantCulture, $"{milliseconds % 60_000 / 1000m:0.###}s").ToString();
    }

    private static void Write(IHeaderDictionary headers, string kind, BucketState state)
    {
        headers[$"x-ratelimit-limit-{kind}"] = state.Limit.ToString(CultureInfo.InvariantCulture);
        headers[$"x-ratelimit-remaining-{kind}"] = state.Remaining.ToString(CultureInfo.InvariantCulture);
        headers[$"x-ratelimit-reset-{kind}"] = Spell(state.Reset);
    }
}
