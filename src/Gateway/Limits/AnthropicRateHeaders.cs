using System.Globalization;

namespace Aigc2d.Gateway.Limits;

/// <summary>Writes the <c>anthropic-ratelimit-*</c> headers; unlike OpenAI's they say at what moment a limit is full again.</summary>
internal static class AnthropicRateHeaders
{
    /// <summary>The names, for browsers to be allowed to read them.</summary>
    public static readonly string[] Names =
    [
        "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset",
        "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset",
    ];

    public static void Write(IHeaderDictionary headers, LimitVerdict verdict, DateTimeOffset now)
    {
        Write(headers, "requests", verdict.Requests, now);
        Write(headers, "tokens", verdict.Tokens, now);
    }

    private static void Write(IHeaderDictionary headers, string kind, BucketState state, DateTimeOffset now)
    {
        headers[$"anthropic-ratelimit-{kind}-limit"] = state.Limit.ToString(CultureInfo.InvariantCulture);
        headers[$"anthropic-ratelimit-{kind}-remaining"] = state.Remaining.ToString(CultureInfo.InvariantCulture);
        headers[$"anthropic-ratelimit-{kind}-reset"] = (now + state.Reset).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
