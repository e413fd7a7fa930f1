using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>
/// Reads Anthropic's answers: a whole message, or the events of a stream. Blocks come one after the other, so that what an event adds belongs to
/// the block that began last.
/// </summary>
/// <param name="head">What the answer says of itself in another dialect.</param>
/// <param name="showsAll">Whether the client is Anthropic's own and is shown blocks of every kind, so that all their text counts.</param>
internal sealed class AnthropicAnswerReader(AnswerHead head, bool showsAll = false) : IAnswerReader
{
    private readonly List<AnswerDelta> _deltas = [];
    private readonly List<(int Choice, string? FinishReason)> _choices = [];
    private readonly MessageFrame _frame = new();
    private bool _hasBegun;
    private bool _isFinished;
    private int _tools;
    private string? _openInput;
    private bool _isToolOpen;

    public IReadOnlyList<AnswerDelta> Deltas => _deltas;

    public IReadOnlyList<(int Choice, string? FinishReason)> Choices => _choices;

    public string? StopText { get; private set; }

    public string? RefusedFor { get; private set; }

    public bool HasError => _frame.HasError;

    public bool IsEnd { get; private set; }

    public ClaimedUsage? Usage { get; private set; }

    /// <summary>Ours: the provider's id says nothing to a client of another dialect, and the model keeps the name that was asked for.</summary>
    public AnswerHead Head => head;

    /// <summary>What was read last.</summary>
    public FrameKind Kind => _frame.Kind;

    /// <summary>Which block it is about; -1 when it does not say.</summary>
    public int Block => _frame.Index;

    /// <summary>Why the message ended, in Anthropic's words, if this read says so.</summary>
    public string? StopReason => _frame.StopReason;

    /// <summary>Where in it the value of its usage lies; empty when it has none.</summary>
    public Range UsageValue => _frame.UsageValue;

    public bool TryReadPlain(ReadOnlySpan<byte> body)
    {
        if (!TryRead(body)) return false;
        if (HasError) return true;
        if (_frame.Kind != FrameKind.Message) return false;

        foreach (var block in _frame.Blocks)
        {
            Open(block);
            CloseTool();
        }

        Finish(_frame.StopReason ?? "end_turn");
        return true;
    }

    public bool TryReadEvent(ReadOnlySpan<byte> data)
    {
        if (!TryRead(data) || (_frame.Kind == FrameKind.None && !HasError)) return false;
        if (HasError) return true;

        switch (_frame.Kind)
        {
            case FrameKind.MessageStart:
                Begin();
                break;
            case FrameKind.BlockStart when _frame.Blocks.Count > 0:
                CloseTool();
                Open(_frame.Blocks[0]);
                break;
            case FrameKind.BlockDelta:
                AddText(DeltaKind.Text, _frame.Text);
                AddText(DeltaKind.Thought, _frame.Thinking);
                AddArguments(_frame.PartialJson);
                break;
            case FrameKind.BlockStop:
                CloseTool();
                break;
            case FrameKind.MessageDelta when _frame.StopReason is { } reason:
                CloseTool();
                Finish(reason);
                break;
            case FrameKind.MessageStop:
                CloseTool();
                if (_hasBegun) Finish("end_turn");
                IsEnd = true;
                break;
        }

        return true;
    }

    private bool TryRead(ReadOnlySpan<byte> json)
    {
        _deltas.Clear();
        _choices.Clear();
        (IsEnd, Usage) = (false, null);
        if (!_frame.TryRead(json)) return false;

        StopText = _frame.StopText ?? StopText;
        RefusedFor = _frame.RefusedFor ?? RefusedFor;
        if (_frame.HasUsage) Usage = _frame.Usage.Claim();
        return true;
    }

    private void Begin()
    {
        _hasBegun = true;
        if (_choices.Count == 0) _choices.Add((0, null));
    }

    private void Open(in ContentBlock block)
    {
        AddText(DeltaKind.Text, block.Text);
        AddText(DeltaKind.Thought, block.Thinking);
        if (showsAll) AddText(DeltaKind.Text, block.Other);
        if (block.ToolName is null) return;

        (_isToolOpen, _openInput) = (true, block.Input);
        _deltas.Add(new AnswerDelta(0, DeltaKind.ToolStart, "") { ToolIndex = _tools, ToolId = block.ToolId ?? $"call_{_tools}", ToolName = block.ToolName });
        Begin();
    }

    private void AddText(DeltaKind kind, string? text)
    {
        if (text is not { Length: > 0 }) return;
        _deltas.Add(new AnswerDelta(0, kind, text));
        Begin();
    }

    /// <summary>Tools that run at the provider have arguments too, which only Anthropic's own clients see.</summary>
    private void AddArguments(string? json)
    {
        if (json is not { Length: > 0 }) return;
        if (!_isToolOpen)
        {
            if (showsAll) AddText(DeltaKind.Text, json);
            return;
        }

        _openInput = null;
        _deltas.Add(new AnswerDelta(0, DeltaKind.ToolArguments, json) { ToolIndex = _tools });
        Begin();
    }

    /// <summary>Arguments that did not come in pieces are those that the call began with: none, or all of them.</summary>
    private void CloseTool()
    {
        if (!_isToolOpen) return;
        if (_openInput is { } input) AddArguments(input);
        _isToolOpen = false;
        _tools++;
    }

    /// <summary>The first reason counts.</summary>
    private void Finish(string stopReason)
    {
        if (_isFinished) return;
        _isFinished = true;
        _choices.Clear();
        _choices.Add((0, stopReason switch
        {
            "max_tokens" or "model_context_window_exceeded" => "length",
            "tool_use" => "tool_calls",
            "refusal" => "content_filter",
            _ => "stop",
        }));
    }
}
