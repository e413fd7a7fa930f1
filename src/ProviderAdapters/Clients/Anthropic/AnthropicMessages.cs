using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>A call of Anthropic's <c>POST /v1/messages</c>.</summary>
internal sealed class AnthropicMessages(ReadOnlyMemory<byte> body, MessagesShape shape, AnthropicHeaders headers) : ClientChat(body)
{
    public MessagesShape Shape { get; } = shape;

    public AnthropicHeaders Headers { get; } = headers;

    public override bool Stream => Shape.Stream;

    /// <summary>The beginning itself has no name in this dialect; one user's conversations share theirs.</summary>
    public override string? PromptCacheKey => Shape.UserId;

    public override int? CountPrompt(string? provider, string model)
    {
        if (provider is null or "anthropic") return MessagesPromptTokens.Count(Body, provider, model);
        try
        {
            return InOpenAi.CountPrompt(provider, model);
        }
        catch (UntranslatableException)
        {
            return MessagesPromptTokens.Count(Body, provider, model);
        }
    }

    public override IAnswerWriter Translator(Func<AnswerHead> head) => new TranslatedEvents(head, Headers.InputTokens);

    protected override ChatRequest ReadRequest() => MessagesReader.Read(Body.Span);

    protected override OpenAiChat WriteInOpenAi() => OpenAiChat.Of(Request);
}
