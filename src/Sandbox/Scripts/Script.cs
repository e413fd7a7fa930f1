namespace Aigc2d.Sandbox.Scripts;

/// <summary>
/// How the sandbox behaves for one request: what follows <c>@</c> in the model name, for example
/// <c>gpt-4o-mini@delay=50ms,chunks=20,cut=3</c>. "After n" counts content chunks of a stream; a plain answer breaks off in its middle.
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

    /// <summary><c>filter</c>: finish_reason content_filter.</summary>
    public bool Filter { get; init; }

    /// <summary><c>tools</c>: the answer calls the first tool of the request.</summary>
    public bool Tools { get; init; }

    /// <summary><c>echo</c>: the answer is the last user text.</summary>
    public bool Echo { get; init; }

    /// <summary><c>nodone</c>: no [DONE] at the end.</summary>
    public bool NoDone { get; init; }

    /// <summary><c>doubledone</c>: [DONE] twice.</summary>
    public bool DoubleDone { get; init; }

    /// <summary><c>bigline=20MB</c>: one content chunk of this size.</summary>
    public int? BigLineBytes { get; init; }

    /// <summary><c>gate=NAME</c>: the answer waits until the gate is opened.</summary>
    public string? Gate { get; init; }
}
