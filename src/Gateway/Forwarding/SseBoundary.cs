namespace Aigc2d.Gateway.Forwarding;

/// <summary>Knows whether a stream of server-sent events stands between two frames, the only place where a comment of ours may go.</summary>
internal struct SseBoundary
{
    private const int TailLength = 3;
    private uint _tail;
    private bool _started;

    /// <summary>Nothing has been sent yet, or the last line sent was empty.</summary>
    public readonly bool IsBetweenFrames => !_started || (_tail & 0xFFFF) is 0x0A0A or 0x0D0D || (_tail & 0xFFFFFF) == 0x0A0D0A;

    public void Advance(ReadOnlySpan<byte> sent)
    {
        if (sent.IsEmpty) return;

        _started = true;
        foreach (var last in sent[^Math.Min(sent.Length, TailLength)..]) _tail = (_tail << 8) | last;
    }
}
