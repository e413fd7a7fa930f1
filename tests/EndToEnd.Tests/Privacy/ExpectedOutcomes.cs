namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>What the calls of <see cref="MarkedCalls"/> come to: plain and as a stream where there are two, so that none of them takes another way than it says.</summary>
internal static class ExpectedOutcomes
{
    public static IEnumerable<string> All => Answered.Concat(Refused).Concat(Failed).Concat(Unserved).Order(StringComparer.Ordinal);

    private static readonly string[] Answered =
    [
        "chat to OpenAI's model: 200 200", "messages to OpenAI's model: 200 200", "chat to Claude: 200 200", "messages to Claude: 200 200", "completion: 200 200", "complete: 200",
        "count of tokens: 200", "embedding: 200", "moderation: 200", "query: 200", "usage=negative: 200 200", "filter: 200 200",
    ];

    private static readonly string[] Refused =
    [
        "forbidden in chat: 400 400", "forbidden in messages: 400 400", "forbidden to embed: 400", "distress: 200", "cut in chat: 200 200", "cut in messages: 200",
        "broken JSON: 400", "a member twice: 400", "a wrong type: 400", "a wrong role: 400", "no UTF-8: 400", "no JSON: 415", "too large: 413", "too long: 400",
        "an unknown model: 404", "an unknown key: 401", "no points: 402", "an idempotency key again: 200 409",
    ];

    private static readonly string[] Failed =
    [
        "provider's 400: 400 400", "provider's 400 in messages: 400", "provider's 401: 502 502", "provider's 404: 502 502", "provider's 413: 413 413", "provider's 422: 422 422", "provider's 429: 429 429",
        "provider's 500: 502 502", "provider's 503: 502 502", "provider's garbage: 502 200 broken", "provider's headers: 502 502", "provider's redirect: 502 502", "provider's death: 502 200 broken",
        "provider's frame: 502 200 broken", "interval=300ms,chunks=7,cut=4: 502 200 broken", "interval=300ms,chunks=7,end=4: 502 200 broken", "interval=300ms,chunks=7,errorframe=4: 502 200 broken",
        "no answer: 504 504", "no end: 200 broken", "client gone before the answer: left", "client gone in mid-stream: left",
    ];

    private static readonly string[] Unserved =
    [
        "stream without moderation: 200 broken", "no moderation: 503 503", "no billing: 503 503", "no accounts: 503 503", "no adapters: 503 503",
    ];
}
