namespace Aigc2d.Moderation.Screenings;

/// <summary>
/// Joins the last texts of a conversation where they meet, so that something said in two breaths is heard. Short texts are joined whole, long ones by
/// their ends; how much is read does not grow with the conversation.
/// </summary>
internal sealed class Conversation
{
    public const int MostTexts = 32;

    // More than a rule reaches.
    public const int End = 400;

    private readonly List<char> _chars = [];
    private readonly List<Part> _parts = [];
    private IReadOnlyList<string> _texts = [];
    private string _glue = "";
    private int _next;
    private int _tail = -1;

    private readonly record struct Part(int Text, int Offset, int Start, int Length);

    public ReadOnlySpan<char> Chars => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_chars);

    public void Begin(IReadOnlyList<string> texts, string glue)
    {
        (_texts, _glue, _tail) = (texts, glue, -1);
        _next = Math.Max(0, texts.Count - MostTexts);
    }

    /// <summary>Joins the next row of neighbouring texts: from the end of a long one over short ones to the beginning of the next long one.</summary>
    public bool Next()
    {
        Clear();
        if (_tail >= 0) AppendTail();
        while (_next < _texts.Count)
        {
            var text = _texts[_next];
            if (text.Length <= 2 * End)
            {
                Append(_next++, 0, text.Length);
                continue;
            }

            var ended = _parts.Count > 0;
            if (ended) Append(_next, 0, End);
            _tail = _next++;
            if (ended) return true;
            AppendTail();
        }

        return _parts.Count > 1;
    }

    /// <summary>Where a match lies when it crosses from one text into another: in the text it ends in.</summary>
    public bool TryPlace(int start, int end, out int text, out int from, out int to)
    {
        (text, from, to) = (0, 0, 0);
        foreach (var part in _parts)
        {
            if (end <= part.Start || end > part.Start + part.Length) continue;
            if (start >= part.Start) return false;
            (text, from, to) = (part.Text, part.Offset, part.Offset + end - part.Start);
            return true;
        }

        return false;
    }

    private void Clear()
    {
        _chars.Clear();
        _parts.Clear();
    }

    private void AppendTail()
    {
        Append(_tail, _texts[_tail].Length - End, End);
        _tail = -1;
    }

    private void Append(int text, int offset, int length)
    {
        if (length == 0) return;
        if (_parts.Count > 0) _chars.AddRange(_glue.AsSpan());
        _parts.Add(new Part(text, offset, _chars.Count, length));
        _chars.AddRange(_texts[text].AsSpan(offset, length));
    }
}
