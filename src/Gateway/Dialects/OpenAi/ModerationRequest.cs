namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>Texts that somebody wants to know the content of.</summary>
internal sealed record ModerationRequest : CallRequest
{
    /// <summary>The texts of each input; there is one result for each.</summary>
    public required string[][] Inputs { get; init; }

    public bool HasImages { get; init; }
}
