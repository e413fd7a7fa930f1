using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>One limit as a provider told it with an answer.</summary>
/// <param name="Name">What is limited, for example <c>requests</c> or <c>input-tokens</c>.</param>
/// <param name="Remaining">How much is left.</param>
/// <param name="Limit">How much there is when it is full.</param>
/// <param name="ResetAt">When it is full again.</param>
internal sealed record ToldLimit(string Name, long Remaining, long? Limit, DateTimeOffset? ResetAt);

/// <summary>Reads what providers say of their limits: OpenAI's and Baidu's <c>x-ratelimit-remaining-…</c>, Anthropic's <c>anthropic-ratelimit-…-remaining</c>, and Retry-After.</summary>
internal static partial class RateLimitHeaders
{
    private const string Common = "x-ratelimit-";
    private const string Anthropic = "anthropic-ratelimit-";
    private const int MaxLimits = 8;

    public static IReadOnlyList<ToldLimit> Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        List<ToldLimit>? found = null;
        foreach (var (header, values) in headers.NonValidated)
        {
            if (WhatRemains(header) is not { } what || found?.Count >= MaxLimits) continue;
            if (!long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var remaining)) continue;

            var isAnthropic = header.StartsWith(Anthropic, StringComparison.OrdinalIgnoreCase);
            var limit = Value(headers, isAnthropic ? $"{Anthropic}{what}-limit" : $"{Common}limit-{what}");
            var reset = Value(headers, isAnthropic ? $"{Anthropic}{what}-reset" : $"{Common}reset-{what}");
            (found ??= []).Add(new ToldLimit(
                what, remaining, long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var full) ? full : null, ReadReset(reset, now)));
        }

        return found ?? (IReadOnlyList<ToldLimit>)[];
    }

    /// <summary>How long the provider wants to be left alone; null when it does not say.</summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (Value(headers, "retry-after-ms") is { } text && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms) && ms is > 0 and < 1e9)
            return TimeSpan.FromMilliseconds(ms);
        var wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => TimeSpan.Zero,
        };
        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>A time of day, or a span from now: <c>120ms</c>, <c>6m0s</c>, <c>1h2m3s</c>, plain seconds. Null for anything else.</summary>
    public static DateTimeOffset? ReadReset(string? text, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 64) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)) return seconds < 1e6 ? now.AddSeconds(seconds) : null;
        if (Span().Match(text) is { Success: true, Length: > 0 } span)
        {
            var total = Part(span, "d") * 86_400 + Part(span, "h") * 3_600 + Part(span, "m") * 60 + Part(span, "s") + Part(span, "ms") / 1_000;
            return total < 1e6 ? now.AddSeconds(total) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
    }

    private static string? WhatRemains(string header)
    {
        const string First = Common + "remaining-";
        const string Last = "-remaining";
        if (header.StartsWith(First, StringComparison.OrdinalIgnoreCase)) return header[First.Length..].ToLowerInvariant();
        return header.StartsWith(Anthropic, StringComparison.OrdinalIgnoreCase) && header.EndsWith(Last, StringComparison.OrdinalIgnoreCase)
            && header.Length > Anthropic.Length + Last.Length ? header[Anthropic.Length..^Last.Length].ToLowerInvariant() : null;
    }

    private static string? Value(HttpResponseHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static double Part(Match span, string group) =>
        span.Groups[group] is { Success: true } part ? double.Parse(part.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?:(?<d>\d{1,6})d)?(?:(?<h>\d{1,6})h)?(?:(?<m>\d{1,6})m(?!s))?(?:(?<s>\d{1,9}(?:\.\d{1,9})?)s)?(?:(?<ms>\d{1,9}(?:\.\d{1,9})?)ms)?$")]
    private static partial Regex Span();
}
