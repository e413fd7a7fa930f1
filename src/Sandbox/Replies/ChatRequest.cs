using System.Text.Json;

namespace Aigc2d.Sandbox.Replies;

/// <summary>What an answer depends on, read out of a chat request of any format.</summary>
public sealed record ChatRequest
{
    /// <summary>The model's name without its script.</summary>
    public required string Model { get; init; }

    public required bool Stream { get; init; }

    /// <summary>Whether a stream says what it used where the format leaves that to the caller.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether every frame says it.</summary>
    public bool UsageOnEveryFrame { get; init; }

    public int Choices { get; init; } = 1;

    /// <summary>How many choices are made and counted, to show the best of them; as many as are shown when null.</summary>
    public int? MadeChoices { get; init; }

    /// <summary>The text before the answer for each prompt of a completion, empty unless it is echoed; its choices follow each other.</summary>
    public string[] Beginnings { get; init; } = [];

    public required int? MaxTokens { get; init; }

    public required int PromptTokens { get; init; }

    public required string LastUserText { get; init; }

    /// <summary>The names of the tools that are offered.</summary>
    public string[] ToolNames { get; init; } = [];

    /// <summary>Where the text breaks off.</summary>
    public string[] Stops { get; init; } = [];

    /// <summary>The JSON schema that the answer has to follow; an empty object stands for any JSON object.</summary>
    public JsonElement? Schema { get; init; }
}
