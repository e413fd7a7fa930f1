using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Clients.OpenAi;

namespace Aigc2d.ProviderAdapters.Clients;

/// <summary>A call for text. It is read as a whole only when a provider of another family is to be asked, and then once for all attempts.</summary>
internal abstract class ClientChat(ReadOnlyMemory<byte> body) : ClientCall(body)
{
    private ChatRequest? _request;
    private OpenAiChat? _inOpenAi;

    /// <summary>The neutral call.</summary>
    /// <exception cref="UntranslatableException">A member is not what the client's dialect says.</exception>
    public ChatRequest Request => _request ??= ReadRequest();

    /// <summary>The call in the words of OpenAI's chat completions, for providers that speak them.</summary>
    /// <exception cref="UntranslatableException">A member is not what the client's dialect says, or OpenAI's has no words for it.</exception>
    public OpenAiChat InOpenAi => _inOpenAi ??= WriteInOpenAi();

    /// <summary>What writes an answer of a provider of another family in the client's dialect.</summary>
    /// <param name="head">What the answer says of itself; asked for when the first piece is written.</param>
    public abstract IAnswerWriter Translator(Func<AnswerHead> head);

    protected abstract ChatRequest ReadRequest();

    protected abstract OpenAiChat WriteInOpenAi();
}
