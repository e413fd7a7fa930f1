using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.WenxinV2;

/// <summary>Reads what a client of OpenAI will see: the answer with its patches.</summary>
internal sealed class WenxinV2AnswerReader : IAnswerReader
{
    private readonly AnswerPatch _patch = new();

    /// <summary>Reads the patched bytes.</summary>
    public ChatAnswerReader Inner { get; } = new();

    /// <summary>The bytes that were read last where they differ from the provider's; null where they do not.</summary>
    public byte[]? Patched { get; private set; }

    public IReadOnlyList<AnswerDelta> Deltas => Inner.Deltas;

    public IReadOnlyList<(int Choice, string? FinishReason)> Choices => Inner.Choices;

    public bool HasError => Inner.HasError;

    public bool IsEnd => Inner.IsEnd;

    public ClaimedUsage? Usage => Inner.Usage;

    public AnswerHead Head => Inner.Head;

    public bool TryReadPlain(ReadOnlySpan<byte> body)
    {
        Patched = _patch.Of(body);
        return Inner.TryReadPlain(Patched ?? body);
    }

    public bool TryReadEvent(ReadOnlySpan<byte> data)
    {
        Patched = _patch.Of(data);
        return Inner.TryReadEvent(Patched ?? data);
    }
}
