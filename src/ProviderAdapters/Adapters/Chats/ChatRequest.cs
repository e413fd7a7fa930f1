using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.Chats;

/// <summary>The neutral chat call: what providers of every family can be asked for.</summary>
internal sealed record ChatRequest
{
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Null when the client leaves it to the provider.</summary>
    public ToolChoice? ToolChoice { get; init; }

    public bool? ParallelToolCalls { get; init; }

    /// <summary>The limit on the output of one choice, reasoning included, tokens; null when the client set none.</summary>
    public int? MaxOutputTokens { get; init; }

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public double? PresencePenalty { get; init; }

    public double? FrequencyPenalty { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Null for free text.</summary>
    public ResponseFormat? Format { get; init; }

    /// <summary>none, minimal, low, medium, high or what the provider adds; null when not asked for.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>The client's own name for its user.</summary>
    public string? User { get; init; }

    /// <summary>How many choices are wanted, at least 1.</summary>
    public int Choices { get; init; } = 1;

    public bool LogProbs { get; init; }

    public bool Stream { get; init; }

    /// <summary>The body itself, for members that only one family knows.</summary>
    public JsonElement Root { get; init; }
}

/// <summary>Who speaks.</summary>
internal enum ChatRole
{
    /// <summary>Instructions; OpenAI's developer role too.</summary>
    System,
    User,
    Assistant,

    /// <summary>The result of a tool call; the old function role too.</summary>
    Tool,
}

/// <summary>One message.</summary>
internal sealed record ChatMessage(ChatRole Role, IReadOnlyList<ContentPart> Parts)
{
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Of a tool's result: which call it answers; null for the old function role.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The speaker's name; of a tool's result the tool's name when the client gave it.</summary>
    public string? Name { get; init; }

    /// <summary>All text of the message, parts joined with line feeds.</summary>
    public string Text => string.Join('\n', Parts.OfType<TextPart>().Select(part => part.Text));
}

/// <summary>A part of a message's content; its path names it in errors.</summary>
internal abstract record ContentPart(string Path);

/// <summary>Text; a refusal of an earlier answer too.</summary>
internal sealed record TextPart(string Path, string Text) : ContentPart(Path);

/// <summary>An image by address: <c>https:</c>, or <c>data:image/png;base64,…</c>.</summary>
internal sealed record ImagePart(string Path, string Url, string? Detail) : ContentPart(Path);

/// <summary>A file: its content as a data address, or an id at the provider.</summary>
internal sealed record FilePart(string Path, string? Name, string? Data, string? Id) : ContentPart(Path);

/// <summary>Sound, base64.</summary>
internal sealed record AudioPart(string Path, string Data, string Format) : ContentPart(Path);

/// <summary>A call that the assistant made. The arguments are JSON text, as the model wrote them.</summary>
internal sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>A function that the model may call; no parameters when the schema is null.</summary>
internal sealed record ToolDefinition(string Name, string? Description, JsonElement? Parameters, bool? Strict);

/// <summary>Whether tools are to be called.</summary>
internal enum ToolChoiceKind
{
    Auto,
    None,
    Required,
    Function,
}

/// <summary>The client's wish about tools; the name goes with <see cref="ToolChoiceKind.Function"/>.</summary>
internal sealed record ToolChoice(ToolChoiceKind Kind, string? Name = null);

/// <summary>JSON as the form of the answer; any object when there is no schema.</summary>
internal sealed record ResponseFormat(string? Name, JsonElement? Schema, bool? Strict);
