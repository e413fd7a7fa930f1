using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>
/// Reads answers of the first generation: one object, plain or for each piece of a stream, with usage in every one of them. Once the provider
/// has judged the talk unsafe, that holds for the rest of the stream.
/// </summary>
internal sealed class WenxinAnswerReader(string model) : IAnswerReader
{
    private const int StopTheTalk = 2;
    private const int MustNotBeShown = 3;

    private readonly List<AnswerDelta> _deltas = [];
    private readonly List<(int Choice, string? FinishReason)> _choices = [];
    private bool _isUnsafe;
    private bool _isWithheld;
    private bool _isTruncated;
    private bool _hasCall;
    private bool _hasArguments;
    private WenxinFrame _frame;

    public IReadOnlyList<AnswerDelta> Deltas => _deltas;

    public IReadOnlyList<(int Choice, string? FinishReason)> Choices => _choices;

    public bool HasError => _frame.ErrorCode is not null;

    public bool IsEnd { get; private set; }

    public ClaimedUsage? Usage => _frame.Usage;

    /// <summary>The provider does not say which model answered: it is the one that was asked for.</summary>
    public AnswerHead Head { get; private set; } = new() { Model = JsonSerializer.SerializeToUtf8Bytes(model) };

    public bool TryReadPlain(ReadOnlySpan<byte> body)
    {
        if (!TryRead(body)) return false;
        if (HasError) return true;
        if (!_frame.IsAnswer) return false;

        Take(isLast: true);
        return true;
    }

    public bool TryReadEvent(ReadOnlySpan<byte> data)
    {
        if (!TryRead(data)) return false;
        if (HasError || !_frame.IsAnswer) return true;

        IsEnd = _frame.IsEnd;
        Take(IsEnd);
        return true;
    }

    private bool TryRead(ReadOnlySpan<byte> json)
    {
        _deltas.Clear();
        _choices.Clear();
        IsEnd = false;
        if (!WenxinFrame.TryRead(json, out _frame)) return false;

        if (Head.Id.IsEmpty && _frame.IsAnswer) Head = Head with { Id = IdOf(_frame.Id.Span), Created = _frame.Created };
        return true;
    }

    /// <summary>The provider's own id behind the prefix that clients know.</summary>
    private static byte[] IdOf(ReadOnlySpan<byte> id) =>
        id.Length > 2 ? [.. "\"chatcmpl-"u8, .. id[1..]] : JsonSerializer.SerializeToUtf8Bytes($"chatcmpl-{Guid.CreateVersion7():N}");

    private void Take(bool isLast)
    {
        _isUnsafe |= _frame.NeedsClearHistory || _frame.Flag >= StopTheTalk || _frame.FinishReason == "content_filter";
        _isWithheld |= _frame.Flag >= MustNotBeShown;
        _isTruncated |= _frame.IsTruncated || _frame.FinishReason == "length";
        if (!_isWithheld)
        {
            if (_frame.Result is { Length: > 0 } text) _deltas.Add(new AnswerDelta(0, DeltaKind.Text, text));
            TakeCall(isLast);
        }

        _choices.Add((0, isLast ? FinishReason() : null));
    }

    /// <summary>One call in a turn is all there is; more of its arguments come without a name. One without any gets an empty object.</summary>
    private void TakeCall(bool isLast)
    {
        var name = _frame.CallName ?? "";
        var isRepeat = _hasCall && name.Length > 0;
        if (!_hasCall && name.Length > 0)
        {
            _hasCall = true;
            _deltas.Add(new AnswerDelta(0, DeltaKind.ToolStart, "") { ToolId = $"call_{Guid.CreateVersion7():N}", ToolName = name });
        }

        var arguments = _hasCall && !isRepeat ? _frame.CallArguments ?? "" : "";
        if (arguments.Length == 0 && isLast && _hasCall && !_hasArguments) arguments = "{}";
        if (arguments.Length == 0) return;

        _hasArguments = true;
        _deltas.Add(new AnswerDelta(0, DeltaKind.ToolArguments, arguments));
    }

    private string FinishReason()
    {
        if (_isUnsafe) return "content_filter";
        if (_isTruncated) return "length";
        return _hasCall ? "tool_calls" : "stop";
    }
}
