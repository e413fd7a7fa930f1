namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>What an object of the wire is.</summary>
internal enum FrameKind
{
    /// <summary>Nothing of Anthropic's: it does not say what it is.</summary>
    None,

    /// <summary>Something newer than this code.</summary>
    Other,
    Ping,
    Message,
    MessageStart,
    BlockStart,
    BlockDelta,
    BlockStop,
    MessageDelta,
    MessageStop,
}

/// <summary>A block as it begins, or as a whole. Only tools that the client has to run have a name here.</summary>
internal readonly record struct ContentBlock(string? Text, string? Thinking, string? ToolId, string? ToolName, string? Input)
{
    /// <summary>What a block of any other kind shows.</summary>
    public string? Other { get; init; }
}
