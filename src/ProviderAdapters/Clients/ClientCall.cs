using Aigc2d.ProviderAdapters.Adapters;

namespace Aigc2d.ProviderAdapters.Clients;

/// <summary>A call as a client wrote it, in the words of its own dialect.</summary>
internal abstract class ClientCall(ReadOnlyMemory<byte> body)
{
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>Whether the answer is to be a stream.</summary>
    public virtual bool Stream => false;

    /// <summary>What the client calls the beginning of its prompt, so that it may meet a provider's cache; null when it does not care.</summary>
    public virtual string? PromptCacheKey => null;

    /// <summary>What this dialect calls a member of OpenAI's chat completions, for errors that a provider's family has found in it.</summary>
    public virtual string NameOf(string member) => member;

    /// <summary>What is asked for where it is no chat: how a provider does at it says nothing of how it does with chats, even under the same name.</summary>
    public virtual string? Kind => null;

    /// <summary>This call as one for text.</summary>
    /// <exception cref="UntranslatableException">It asks for something else, which the provider's family does not have.</exception>
    public ClientChat AsChat => this as ClientChat ?? throw new UntranslatableException("model", "is a chat model, which cannot be called on this route.");

    /// <summary>Our own count of the prompt, tokens; null when it cannot be counted.</summary>
    /// <param name="provider">The provider that was asked; null when none was.</param>
    /// <param name="model">The name that says how the model counts.</param>
    public abstract int? CountPrompt(string? provider, string model);
}
