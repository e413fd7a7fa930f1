using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>A chat call as the client wrote it. It is read as a whole only when a provider of another family is to be asked, and then once for all attempts.</summary>
internal sealed class ClientChat(ReadOnlyMemory<byte> body, ChatRequestShape shape)
{
    private ChatRequest? _request;

    public ReadOnlyMemory<byte> Body { get; } = body;

    public ChatRequestShape Shape { get; } = shape;

    /// <summary>The neutral call.</summary>
    /// <exception cref="UntranslatableException">A member is not what OpenAI's dialect says.</exception>
    public ChatRequest Request => _request ??= ChatRequestReader.Read(Body.Span);
}
