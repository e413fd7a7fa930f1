namespace Aigc2d.Gateway.Dialects;

/// <summary>What the gateway needs to know of a request in order to admit it; the provider gets the client's own bytes.</summary>
internal record CallRequest
{
    public required string Model { get; init; }

    /// <summary>Every text a provider could read, decoded, in the order of the body.</summary>
    public required string[] Texts { get; init; }

    /// <summary>Every image a provider could look at, in the order of the body.</summary>
    public PromptImage[] Images { get; init; } = [];

    /// <summary>The estimated size of the prompt, tokens.</summary>
    public required int InputTokens { get; init; }

    /// <summary>The client's own limit on the output of one choice, tokens; null when it set none.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How many choices are asked for.</summary>
    public int Choices { get; init; } = 1;

    public bool Stream { get; init; }

    /// <summary>Whether a stream is to end with a frame that tells the usage.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The customer's own id of its end user (<c>safety_identifier</c>, else <c>user</c>; <c>metadata.user_id</c>); null when it sent none.</summary>
    public string? EndUser { get; init; }

    /// <summary>Whether the texts become embeddings, which nobody answers.</summary>
    public bool IsForEmbeddings { get; init; }

    /// <summary>The field that holds the prompt, for errors about its length.</summary>
    public string PromptField { get; init; } = "messages";

    /// <summary>The field that limits the output, for errors about what it costs; null where there is no output to limit.</summary>
    public string? LimitField { get; init; } = "max_tokens";

    /// <summary>What a client can make smaller, in words.</summary>
    public string WhatToShorten => LimitField is null ? $"'{PromptField}'" : $"'{PromptField}' or '{LimitField}'";
}
