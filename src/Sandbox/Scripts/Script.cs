namespace Aigc2d.Sandbox.Scripts;

/// <summary>
/// How the sandbox behaves for one request, in whatever format it is asked: what follows <c>@</c> in the model name, for example
/// <c>gpt-4o-mini@delay=50ms,chunks=20,cut=3</c>. "After n" counts the pieces of a stream; a plain answer breaks off in its middle.
/// </summary>
public sealed record Script
{
    /// <summary><c>first=2s</c>, or <c>delay=</c>: the pause before the first byte.</summary>
    public TimeSpan First { get; init; }

    /// <summary><c>interval=10ms</c>, or <c>delay=</c>: the pause between chunks.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary><c>chunks=20</c>: how many content chunks the text is cut into.</summary>
    public int? Chunks { get; init; }

    /// <summary><c>text=Hello%20world</c>: the answer, percent-encoded.</summary>
    public string? Text { get; init; }

    /// <summary><c>words=500</c>: an answer of so many harmless words.</summary>
    public int? Words { get; init; }

    /// <summary><c>status=500</c>: an error instead of an answer.</summary>
    public int? Status { get; init; }

    /// <summary><c>code=insufficient_quota</c>: the code of that error.</summary>
    public string? Code { get; init; }

    /// <summary><c>error=18</c>: Wenxin v1's error_code instead of an answer.</summary>
    public int? ErrorCode { get; init; }

    /// <summary><c>retryafter=1</c>: the Retry-After header of that error, seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary><c>cut=3</c>: the connection breaks after n chunks.</summary>
    public int? CutAfter { get; init; }

    /// <summary><c>end=3</c>: the stream ends in good order after n chunks, but unfinished.</summary>
    public int? EndAfter { get; init; }

    /// <summary><c>garbage=3</c>: a frame that is not JSON after n chunks.</summary>
    public int? GarbageAfter { get; init; }

    /// <summary><c>errorframe=3</c>: an error inside the 200 stream after n chunks.</summary>
    public int? ErrorFrameAfter { get; init; }

    /// <summary><c>hang=3</c>: silence after n chunks; plain <c>hang</c>: not even a status line.</summary>
    public int? HangAfter { get; init; }

    /// <summary><c>hang</c> without a number.</summary>
    public bool Hang { get; init; }

    /// <summary><c>usage=none|negative|fractional|huge|zero</c>: what is said about tokens instead of the truth.</summary>
    public string? Usage { get; init; }

    /// <summary><c>input=11</c>: the prompt tokens that are claimed.</summary>
    public int? InputTokens { get; init; }

    /// <summary><c>output=9</c>: the output tokens that are claimed.</summary>
    public int? OutputTokens { get; init; }

    /// <summary><c>cached=5</c>: the cached prompt tokens that are claimed.</summary>
    public int CachedTokens { get; init; }

    /// <summary><c>cachewrite=5</c>: the prompt tokens that are claimed as written to the cache.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary><c>reasoning=8</c>: so many pieces of thinking come first, a token each.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary><c>filter</c>: the provider's own filter ended the answer.</summary>
    public bool Filter { get; init; }

    /// <summary><c>flag=4</c>: Wenxin's safety flag, 0 to 4.</summary>
    public int? Flag { get; init; }

    /// <summary><c>finish=normal</c>: the word for the end of the answer, whatever the format would say.</summary>
    public string? FinishReason { get; init; }

    /// <summary><c>tools</c> or <c>tools=2</c>: the answer calls the first tools of the request.</summary>
    public int Tools { get; init; }

    /// <summary><c>toolargs=%7B%7D</c>: the arguments of those calls, percent-encoded; nothing behind the sign: none at all.</summary>
    public string? ToolArguments { get; init; }

    /// <summary><c>echo</c>: the answer is the last user text.</summary>
    public bool Echo { get; init; }

    /// <summary><c>floats</c>: embeddings come as numbers though base64 was asked for.</summary>
    public bool Floats { get; init; }

    /// <summary><c>nodone</c>: without the mark that ends a stream ([DONE], message_stop, is_end).</summary>
    public bool NoDone { get; init; }

    /// <summary><c>doubledone</c>: that mark twice.</summary>
    public bool DoubleDone { get; init; }

    /// <summary><c>bigline=20MB</c>: one content chunk of this size.</summary>
    public int? BigLineBytes { get; init; }

    /// <summary><c>gate=NAME</c>: the answer waits until the gate is opened.</summary>
    public string? Gate { get; init; }

    /// <summary><c>gateafter=3</c>: a stream meets that gate after n chunks, before the fault that is due there, and not before its first byte.</summary>
    public int? GateAfter { get; init; }

    /// <summary><c>fails=2</c>: only the first n requests for this very name meet the faults of the script.</summary>
    public int? FailingRequests { get; init; }

    /// <summary><c>remaining=0</c>: how many requests the rate-limit headers say are left.</summary>
    public int? RemainingRequests { get; init; }

    /// <summary><c>remainingtokens=0</c>: likewise for tokens.</summary>
    public int? RemainingTokens { get; init; }

    /// <summary><c>reset=10s</c>: when those limits are full again.</summary>
    public TimeSpan? Reset { get; init; }

    /// <summary><c>lifetime=1800s</c>, behind an API key of Wenxin: how long its token lives.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The same answer without any fault: what follows when the failing requests are used up.</summary>
    public Script Mended() => this with
    {
        Status = null,
        Code = null,
        ErrorCode = null,
        RetryAfterSeconds = null,
        CutAfter = null,
        EndAfter = null,
        GarbageAfter = null,
        ErrorFrameAfter = null,
        HangAfter = null,
        Hang = false,
        Usage = null,
        NoDone = false,
        DoubleDone = false,
        BigLineBytes = null,
        RemainingRequests = null,
        RemainingTokens = null,
    };

    /// <summary>Whether a fault is due when so many pieces are out.</summary>
    public bool HasFaultAfter(int pieces) =>
        CutAfter == pieces || EndAfter == pieces || GarbageAfter == pieces || ErrorFrameAfter == pieces || HangAfter == pieces;
}
