using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>
/// The text of an answer that has been handed to the gateway's connection, choice by choice, kept so that it can be counted if the call ends in
/// its middle. What is only written and not yet flushed is not forwarded; neither is what the gateway says it had not passed on when the
/// client left. A call that ends there does not pay for it.
/// </summary>
public sealed class ForwardedText
{
    /// <summary>So many pieces may be on their way and still be taken back; older ones have arrived, or count as if they had.</summary>
    public const int MostUnderWay = 4_096;

    private readonly SortedDictionary<int, GrowingText> _choices = [];
    private readonly Queue<(int Choice, string Text, long EndBytes)> _underWay = [];
    private long _flushedBytes = -1;

    /// <summary>Whether no text was even written.</summary>
    public bool IsEmpty => _choices.Count == 0 && _underWay.Count == 0;

    /// <summary>All text that was written, in quarters of a token of the cheap estimate.</summary>
    public long Quarters { get; private set; }

    /// <summary>Text was written that goes out with the next flush; its frame ends at <paramref name="endBytes"/> of the answer's body.</summary>
    public void Write(int choice, string text, long endBytes)
    {
        if (text.Length == 0) return;
        _underWay.Enqueue((choice, text, endBytes));
        Quarters += TokenEstimate.QuartersOf(text);
    }

    /// <summary>So much of the body goes out now, bytes from its beginning; more than was written is all of it.</summary>
    public void Flush(long bytes, TokenCounter counter)
    {
        _flushedBytes = bytes;
        while (_underWay.Count > MostUnderWay && _underWay.Peek().EndBytes <= bytes) Take(_underWay.Dequeue(), counter);
    }

    /// <summary>Tokens of what has gone out, each choice counted for itself, as far as it is known to have been passed on.</summary>
    public int Count(TokenCounter counter, long? sentBytes = null)
    {
        var end = Math.Min(_flushedBytes, sentBytes ?? long.MaxValue);
        while (_underWay.TryPeek(out var piece) && piece.EndBytes <= end) Take(_underWay.Dequeue(), counter);
        return (int)Math.Min(int.MaxValue, _choices.Values.Sum(text => (long)text.Count(counter)));
    }

    private void Take((int Choice, string Text, long EndBytes) piece, TokenCounter counter)
    {
        if (!_choices.TryGetValue(piece.Choice, out var text)) _choices[piece.Choice] = text = new GrowingText();
        text.Append(piece.Text, counter);
    }
}
