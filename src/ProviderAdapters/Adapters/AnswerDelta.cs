namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>What a piece of an answer is.</summary>
internal enum DeltaKind
{
    /// <summary>The answer proper.</summary>
    Text,

    /// <summary>Reasoning that the provider shows.</summary>
    Thought,

    /// <summary>The words of a refusal.</summary>
    Refusal,

    /// <summary>A tool call begins: it has an id and a name, and no text.</summary>
    ToolStart,

    /// <summary>More of the arguments of a tool call, as JSON text.</summary>
    ToolArguments,
}

/// <summary>A piece of one choice of an answer. All text in it is screened and counted before the client sees it.</summary>
internal readonly record struct AnswerDelta(int Choice, DeltaKind Kind, string Text)
{
    /// <summary>The running number of the tool call within its choice, from 0.</summary>
    public int ToolIndex { get; init; }

    /// <summary>Null where the provider gives its calls no ids: the old functions, some that only resemble OpenAI.</summary>
    public string? ToolId { get; init; }

    public string? ToolName { get; init; }
}
