using System.Buffers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Events of a provider that speaks the client's dialect: its own bytes, but for usage that is not to be believed. Its account of the end waits for ours.</summary>
/// <param name="reader">What has read the event.</param>
/// <param name="inputTokens">About so many tokens the prompt has, for an answer that is stopped before the provider says anything.</param>
internal sealed class PassedEvents(AnthropicAnswerReader reader, int inputTokens) : IAnswerWriter
{
    private const int NoBlock = -1;

    private (bool HasBegun, int Open) _now = (false, NoBlock);
    private (bool HasBegun, int Open) _shown = (false, NoBlock);
    private byte[]? _end;
    private Range _endUsage;
    private bool _endHasReason;
    private bool _isFiltered;

    public void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data, IAnswerReader read)
    {
        switch (reader.Kind)
        {
            case FrameKind.MessageDelta:
                KeepEnd(data);
                return;
            case FrameKind.MessageStart:
                _now.HasBegun = true;
                break;
            case FrameKind.BlockStart:
                _now.Open = reader.Block;
                break;
            case FrameKind.BlockStop:
                _now.Open = NoBlock;
                break;
            case FrameKind.BlockDelta or FrameKind.Ping:
                break;
            default:
                // The end is written elsewhere; of what is newer than this code, nobody knows what it shows.
                return;
        }

        MessageEvents.WritePassed(output, reader.Kind, data);
    }

    public void Commit() => _shown = _now;

    public void Withdraw() => _now = _shown;

    public void WriteFiltered(IBufferWriter<byte> output, int choice)
    {
        if (!_now.HasBegun) MessageEvents.WriteStart(output, NewId(), reader.Head, inputTokens);
        if (_now.Open != NoBlock) MessageEvents.WriteBlockStop(output, _now.Open);
        (_now, _isFiltered) = ((true, NoBlock), true);
    }

    public void WriteEnd(IBufferWriter<byte> output, TokenCounts tokens, bool isClaimed)
    {
        if (_isFiltered || _end is null) MessageEvents.WriteReason(output, _isFiltered ? StopReasons.Refusal : "end_turn", null, tokens);
        else MessageEvents.WritePassed(output, FrameKind.MessageDelta, isClaimed ? _end : WithUsage(_end, _endUsage, tokens));
        MessageEvents.WriteStop(output);
    }

    public ReadOnlyMemory<byte> Completion(ReadOnlyMemory<byte> body, IAnswerReader read, TokenCounts tokens) =>
        tokens.Estimated ? WithUsage(body.Span, reader.UsageValue, tokens) : body;

    public ReadOnlyMemory<byte> FilteredCompletion(IAnswerReader read, TokenCounts tokens) => MessageBodies.Write(NewId(), reader.Head, [], StopReasons.Refusal, null, tokens);

    /// <summary>Of several, the one that says why.</summary>
    private void KeepEnd(ReadOnlySpan<byte> data)
    {
        var hasReason = reader.StopReason is not null;
        if (_endHasReason && !hasReason) return;
        (_end, _endUsage, _endHasReason) = (data.ToArray(), reader.UsageValue, hasReason);
    }

    /// <summary>The object with our counts in the place of the provider's, or as its first member where it has none.</summary>
    private static byte[] WithUsage(ReadOnlySpan<byte> json, Range usage, TokenCounts tokens)
    {
        var ours = MessageBodies.Counts(tokens);
        var (start, length) = usage.GetOffsetAndLength(json.Length);
        if (length > 0) return [.. json[..start], .. ours, .. json[(start + length)..]];

        var inside = json.IndexOf((byte)'{') + 1;
        return [.. json[..inside], .. "\"usage\":"u8, .. ours, .. ","u8, .. json[inside..]];
    }

    private static string NewId() => $"msg_{Guid.CreateVersion7():N}";
}
