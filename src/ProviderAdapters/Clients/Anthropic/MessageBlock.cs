using System.Text;
using Aigc2d.ProviderAdapters.Adapters;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>What a block of an answer is.</summary>
internal enum BlockKind
{
    /// <summary>No block.</summary>
    None,
    Text,
    Thinking,
    Tool,
}

/// <summary>A block of an answer that is put together before it is written: of a tool call its text is the arguments.</summary>
internal sealed class MessageBlock(BlockKind kind, int toolIndex = 0, string? toolId = null, string? toolName = null)
{
    public BlockKind Kind { get; } = kind;

    public int ToolIndex { get; } = toolIndex;

    /// <summary>Ours where the provider gave none.</summary>
    public string ToolId { get; } = kind != BlockKind.Tool || toolId is { Length: > 0 } ? toolId! : $"toolu_{Guid.CreateVersion7():N}";

    public string ToolName { get; } = toolName ?? "";

    public StringBuilder Text { get; } = new();

    public static BlockKind KindOf(DeltaKind kind) => kind switch
    {
        DeltaKind.Thought => BlockKind.Thinking,
        DeltaKind.ToolStart or DeltaKind.ToolArguments => BlockKind.Tool,
        _ => BlockKind.Text,
    };
}
