using System.Buffers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>
/// An answer of another family in Anthropic's words: the events of a stream, or one message.
/// <code>
/// first piece ─▶ message_start, ping
/// text, thoughts ─┬─ open block of that kind ──────────▶ delta
///                 ├─ open tool ────────────────────────▶ waits for the end
///                 └─ else ─▶ close the open block, start one, delta
/// tool ───────────┬─ open tool ────────────────────────▶ waits for the end
///                 └─ else ─▶ close the open block, start one, arguments as they come
/// end ─▶ close the open block, what has waited block by block, message_delta, message_stop
/// </code>
/// So blocks are never mixed, whatever the provider mixes.
/// </summary>
/// <param name="head">Who answers; asked for when the first piece is written.</param>
/// <param name="inputTokens">About so many tokens the prompt has, which is told before the provider tells it.</param>
internal sealed class TranslatedEvents(Func<AnswerHead> head, int inputTokens) : IAnswerWriter
{
    private readonly string _id = $"msg_{Guid.CreateVersion7():N}";
    private readonly MessageBlocks _waiting = new();
    private Progress _now;
    private Progress _shown;
    private string? _finishReason;
    private bool _hasTools;
    private bool _hasRefusal;

    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read)
    {
        for (var i = 0; i < read.Choices.Count; i++)
        {
            if (read.Choices[i].Choice != 0) continue;
            Begin(output);
            _finishReason ??= read.Choices[i].FinishReason;
        }

        for (var i = 0; i < read.Deltas.Count; i++)
        {
            if (read.Deltas[i].Choice == 0) Take(output, read.Deltas[i]);
        }
    }

    public void Commit() => _shown = _now;

    public void Withdraw()
    {
        _now = _shown;
        _waiting.Clear();
    }

    public void WriteFiltered(IBufferWriter<byte> output, int choice)
    {
        Begin(output);
        Close(output);
        _finishReason = "content_filter";
    }

    public void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed)
    {
        Begin(output);
        Close(output);
        foreach (var block in _waiting.All) WriteWhole(output, block);
        _waiting.Clear();
        MessageEvents.WriteReason(output, StopReasons.Of(_finishReason, _hasTools, _hasRefusal), null, tokens);
        MessageEvents.WriteStop(output);
    }

    public ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens)
    {
        var blocks = new MessageBlocks();
        foreach (var delta in read.Deltas)
        {
            if (delta.Choice == 0) blocks.Add(delta);
        }

        var finishReason = read.Choices.FirstOrDefault(choice => choice.Choice == 0).FinishReason;
        var hasTools = blocks.All.Any(block => block.Kind == BlockKind.Tool);
        var hasRefusal = read.Deltas.Any(delta => delta is { Choice: 0, Kind: DeltaKind.Refusal });
        return MessageBodies.Write(_id, head(), blocks.All, StopReasons.Of(finishReason, hasTools, hasRefusal), null, tokens);
    }

    public ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens) => MessageBodies.Write(_id, head(), [], StopReasons.Refusal, null, tokens);

    private void Take(IBufferWriter<byte> output, in AnswerDelta delta)
    {
        Begin(output);
        _hasRefusal |= delta.Kind == DeltaKind.Refusal;
        _hasTools |= delta.Kind == DeltaKind.ToolStart;
        var kind = MessageBlock.KindOf(delta.Kind);
        var isOpen = _now.Open == kind && (kind != BlockKind.Tool || _now.Tool == delta.ToolIndex);
        if (isOpen)
        {
            if (delta.Text.Length > 0) MessageEvents.WriteDelta(output, _now.Started - 1, kind, delta.Text);
        }
        else if (_now.Open == BlockKind.Tool)
        {
            _waiting.Add(delta);
        }
        else if (delta.Kind != DeltaKind.ToolArguments)
        {
            Close(output);
            Open(output, new MessageBlock(kind, delta.ToolIndex, delta.ToolId, delta.ToolName));
            if (delta.Text.Length > 0) MessageEvents.WriteDelta(output, _now.Started - 1, kind, delta.Text);
        }
    }

    private void Begin(IBufferWriter<byte> output)
    {
        if (_now.HasBegun) return;
        MessageEvents.WriteStart(output, _id, head(), inputTokens);
        _now = _now with { HasBegun = true };
    }

    private void Open(IBufferWriter<byte> output, MessageBlock block)
    {
        MessageEvents.WriteBlockStart(output, _now.Started, block);
        _now = _now with { Started = _now.Started + 1, Open = block.Kind, Tool = block.ToolIndex };
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_now.Open == BlockKind.None) return;
        MessageEvents.WriteBlockStop(output, _now.Started - 1);
        _now = _now with { Open = BlockKind.None };
    }

    private void WriteWhole(IBufferWriter<byte> output, MessageBlock block)
    {
        Open(output, block);
        if (block.Text.Length > 0) MessageEvents.WriteDelta(output, _now.Started - 1, block.Kind, block.Text.ToString());
        Close(output);
    }

    /// <summary>How far the stream has come.</summary>
    private readonly record struct Progress(bool HasBegun, int Started, BlockKind Open, int Tool);
}
