using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>
/// Reads one provider's answer to one call: a whole plain one, or a stream event by event. Each read replaces what the last one found, except
/// <see cref="Head"/>.
/// </summary>
internal interface IAnswerReader
{
    /// <summary>The pieces in this read, in order.</summary>
    IReadOnlyList<AnswerDelta> Deltas { get; }

    /// <summary>The choices in this read and why each of them ended, in OpenAI's words (stop, length, tool_calls, content_filter), null while it goes on.</summary>
    IReadOnlyList<(int Choice, string? FinishReason)> Choices { get; }

    /// <summary>The stop text that ended the answer, where the provider tells it; it stays for the reads after.</summary>
    string? StopText => null;

    /// <summary>What the provider's content rules have found when they ended the answer, where it tells; it stays for the reads after.</summary>
    string? RefusedFor => null;

    /// <summary>Whether this read is an error of the provider's.</summary>
    bool HasError { get; }

    /// <summary>Whether the provider has said that the stream ends here.</summary>
    bool IsEnd { get; }

    /// <summary>The usage claimed by now; null when this read says nothing of it. A later claim stands for the whole call.</summary>
    ClaimedUsage? Usage { get; }

    /// <summary>What the answer says of itself.</summary>
    AnswerHead Head { get; }

    /// <summary>Reads a whole plain answer; false when it is not one of this family's.</summary>
    bool TryReadPlain(ReadOnlySpan<byte> body);

    /// <summary>Reads the data of one event; false when it is not one of this family's. Events that say nothing to us are read, with nothing found.</summary>
    bool TryReadEvent(ReadOnlySpan<byte> data);
}
