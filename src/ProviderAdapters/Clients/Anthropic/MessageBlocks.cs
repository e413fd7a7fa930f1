using Aigc2d.ProviderAdapters.Adapters;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Puts the pieces of an answer together as blocks: text goes to the last block if that is of its kind, arguments to their tool wherever it stands.</summary>
internal sealed class MessageBlocks
{
    private readonly List<MessageBlock> _blocks = [];

    public IReadOnlyList<MessageBlock> All => _blocks;

    public void Clear() => _blocks.Clear();

    public void Add(in AnswerDelta delta)
    {
        switch (delta.Kind)
        {
            case DeltaKind.ToolStart:
                if (Tool(delta.ToolIndex) is null) _blocks.Add(new MessageBlock(BlockKind.Tool, delta.ToolIndex, delta.ToolId, delta.ToolName));
                break;
            case DeltaKind.ToolArguments:
                // Those of a call that never began are nobody's.
                Tool(delta.ToolIndex)?.Text.Append(delta.Text);
                break;
            default:
                var kind = MessageBlock.KindOf(delta.Kind);
                if (_blocks.Count == 0 || _blocks[^1].Kind != kind) _blocks.Add(new MessageBlock(kind));
                _blocks[^1].Text.Append(delta.Text);
                break;
        }
    }

    private MessageBlock? Tool(int index) => _blocks.Find(block => block.Kind == BlockKind.Tool && block.ToolIndex == index);
}
