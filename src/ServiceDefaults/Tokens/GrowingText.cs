using System.Text;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>
/// A text that grows while it is streamed and is counted when it is asked for. What nothing behind it can change is counted and let go now and
/// then, so that the memory stays flat however long the text becomes.
/// </summary>
public sealed class GrowingText
{
    /// <summary>More characters than this are not kept without need.</summary>
    public const int FoldAt = 32 * 1024;

    // A text without any place to cut it is cut all the same, which is a token or two off.
    private const int CutAt = 2 * FoldAt;

    private readonly StringBuilder _text = new();
    private long _folded;

    public void Append(ReadOnlySpan<char> text, TokenCounter counter)
    {
        for (; !text.IsEmpty; text = text[Math.Min(text.Length, FoldAt)..])
        {
            _text.Append(text[..Math.Min(text.Length, FoldAt)]);
            if (_text.Length > FoldAt) Fold(counter);
        }
    }

    /// <summary>Tokens of the whole text.</summary>
    public int Count(TokenCounter counter) => (int)Math.Min(int.MaxValue, _folded + counter.Count(_text.ToString()));

    private void Fold(TokenCounter counter)
    {
        var text = _text.ToString();
        var count = counter.CountSettled(text, out var taken);
        if (taken == 0 && text.Length > CutAt)
        {
            taken = char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;
            count = counter.Count(text.AsSpan(0, taken));
        }

        _folded += count;
        _text.Remove(0, taken);
    }
}
