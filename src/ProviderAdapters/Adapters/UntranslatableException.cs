namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>A call asks for something that the provider's family has no words for.</summary>
/// <param name="param">The member at fault, as the client wrote it, for example <c>messages[0].content[1]</c>.</param>
/// <param name="message">What is wrong with it and what to do, in a sentence.</param>
internal sealed class UntranslatableException(string param, string message) : Exception(message)
{
    public string Param { get; } = param;

    /// <summary>The error's code in OpenAI's words.</summary>
    public string Code { get; init; } = "invalid_value";
}
