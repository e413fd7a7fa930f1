using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>A call of OpenAI's <c>POST /v1/chat/completions</c>.</summary>
internal sealed class OpenAiChat(ReadOnlyMemory<byte> body, ChatRequestShape shape) : ClientChat(body)
{
    public ChatRequestShape Shape { get; } = shape;

    /// <summary>A call that came in another dialect.</summary>
    /// <exception cref="UntranslatableException">OpenAI's has no words for it.</exception>
    public static OpenAiChat Of(ChatRequest request)
    {
        var body = OpenAiChatRequest.Write(request);
        return new OpenAiChat(body, ChatRequestShape.Read(body, out _)!);
    }

    public override bool Stream => Shape.Stream;

    public override string? PromptCacheKey => Shape.PromptCacheKey;

    public override int? CountPrompt(string? provider, string model) => ChatPromptTokens.Count(Body, provider, model);

    public override IAnswerWriter Translator(Func<AnswerHead> head) => new TranslatedChunks(head, Shape.IncludeUsage);

    protected override ChatRequest ReadRequest() => ChatRequestReader.Read(Body.Span);

    protected override OpenAiChat WriteInOpenAi() => this;
}
