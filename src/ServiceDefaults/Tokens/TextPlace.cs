using System.Text;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>A place in several texts that stand one behind the other, known by how many UTF-8 bytes are before it. It only moves forwards.</summary>
internal struct TextPlace(IReadOnlyList<string> texts)
{
    // Words and what stands between them are shorter; a piece that is not gets cut, which costs a token at most.
    private const int Reach = 32;
    private const int LargestStep = 4_096;
    private const int StepDivisor = 8;

    private readonly IReadOnlyList<string> _texts = texts;
    private int _index;
    private int _at;

    /// <summary>The bytes before the place.</summary>
    public long Bytes { get; private set; }

    /// <summary>The text that the place is in.</summary>
    public readonly string Text => _texts[_index];

    /// <summary>Where the piece nearest behind the place begins; the place itself when it is inside a long piece.</summary>
    public readonly int AlignedAt(SplitRule rule)
    {
        var text = Text;
        if (_at == 0 || _at == text.Length) return _at;

        var from = Math.Max(0, _at - Reach);
        var pieces = new TextPieces(text.AsSpan(from, Math.Min(text.Length, _at + Reach) - from), rule);
        while (pieces.MoveNext())
        {
            if (from + pieces.Start >= _at) return from + pieces.Start;
        }

        return _at;
    }

    /// <summary>Moves to the character with the byte behind <paramref name="bytes"/>, in whichever text that is, or to the end.</summary>
    public void MoveTo(long bytes)
    {
        while (!MoveInText(bytes) && MoveToNextText())
        {
            // The text before ended too early.
        }
    }

    /// <summary>The same within the text; false when it ends before.</summary>
    public bool MoveInText(long bytes)
    {
        var text = Text.AsSpan();
        for (var step = LargestStep; step > 0; step /= StepDivisor)
        {
            while (_at < text.Length)
            {
                var end = Math.Min(text.Length, _at + step);
                if (end < text.Length && char.IsHighSurrogate(text[end - 1]) && char.IsLowSurrogate(text[end])) end++;
                var length = Encoding.UTF8.GetByteCount(text[_at..end]);
                if (Bytes + length > bytes) break;

                Bytes += length;
                _at = end;
            }
        }

        return _at < text.Length;
    }

    /// <summary>Moves to the beginning of the next text; false when there is none.</summary>
    public bool MoveToNextText()
    {
        if (_index + 1 == _texts.Count) return false;

        _index++;
        _at = 0;
        return true;
    }
}
