namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>What the gateway needs to know of a chat request in order to admit it; the provider gets the client's own bytes.</summary>
internal sealed record ChatRequest
{
    public required string Model { get; init; }

    /// <summary>Every text a provider could read, decoded, in the order of the body.</summary>
    public required string[] Texts { get; init; }

    /// <summary>The estimated size of the prompt, tokens.</summary>
    public required int InputTokens { get; init; }

    /// <summary>The client's own limit on the output of one choice, tokens; null when it set none.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How many choices are asked for.</summary>
    public int Choices { get; init; } = 1;

    public bool Stream { get; init; }

    /// <summary>Whether a stream is to end with a frame that tells the usage.</summary>
    public bool IncludeUsage { get; init; }
}
