using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.Anthropic;
using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Calls;

/// <summary>A public route whose calls are admitted, held for and answered by ProviderAdapters under the same name.</summary>
/// <param name="Path">The public path.</param>
/// <param name="NewBody">What reads one body of this route.</param>
internal sealed record CallRoute(string Path, Func<CallBody> NewBody)
{
    private const string PublicPrefix = "/v1";

    /// <summary>Every such route.</summary>
    public static readonly CallRoute[] All =
    [
        new("/v1/chat/completions", static () => new ChatBody()) { Support = static (call, requestId, now) => new ChatSupportAnswer(call, requestId, now) },
        new("/v1/completions", static () => new CompletionBody()) { Support = static (call, requestId, now) => new CompletionSupportAnswer(call, requestId, now) },
        new("/v1/complete", static () => new CompleteBody()) { Support = static (call, requestId, _) => new CompleteSupportAnswer(call, requestId) },
        new("/v1/messages", static () => new MessagesBody()) { Support = static (call, requestId, _) => new MessagesSupportAnswer(call, requestId) },
        new("/v1/embeddings", static () => new EmbeddingsBody()),
    ];

    /// <summary>The answer for somebody in distress; null where an answer is no text, and the call goes on.</summary>
    public Func<CallRequest, Guid, DateTimeOffset, IResult>? Support { get; init; }

    /// <summary>Where ProviderAdapters answers these calls.</summary>
    public string InternalPath { get; } = "/internal" + Path[PublicPrefix.Length..];
}
