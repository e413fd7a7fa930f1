namespace Aigc2d.Moderation.Evaluation;

/// <summary>Lines of a byte stream one after the other. Memory holds one line and what was read beyond it, never the stream.</summary>
internal sealed class LineReader(Stream stream, int longest = LineReader.LongestLine)
{
    /// <summary>Longer lines are passed over: a text of a megabyte with every character escaped is far below.</summary>
    public const int LongestLine = 64 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private int _searched;
    private bool _isAtEnd;

    /// <summary>Counts from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The current line without its end, until the next one is read. Empty when it was too long.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    public bool IsTooLong { get; private set; }

    /// <summary>Whether the next line is here already, so that reading it waits for nothing.</summary>
    public bool HasNext => _isAtEnd || FindEnd() >= 0;

    /// <summary>Goes to the next line; false at the end of the stream.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken ct)
    {
        IsTooLong = false;
        while (true)
        {
            var end = FindEnd();
            if (end >= 0 || (_isAtEnd && _end > _start))
            {
                Take(end);
                return true;
            }

            if (_isAtEnd) return false;
            await FillAsync(ct);
        }
    }

    private int FindEnd()
    {
        var found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (found >= 0) return _searched + found;
        _searched = _end;
        return -1;
    }

    private void Take(int end)
    {
        var line = _buffer.AsMemory(_start, (end < 0 ? _end : end) - _start);
        Number++;
        if (Number == 1 && line.Span.StartsWith("\uFEFF"u8)) line = line[3..];
        IsTooLong |= line.Length > longest;
        Line = IsTooLong ? default : line;
        _start = _searched = end < 0 ? _end : end + 1;
    }

    private async Task FillAsync(CancellationToken ct)
    {
        if (_end - _start > longest || IsTooLong)
        {
            // The rest of the line goes as it comes.
            IsTooLong = true;
            _start = _end = _searched = 0;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_end, _searched, _start) = (_end - _start, _searched - _start, 0);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
        _end += read;
        _isAtEnd = read == 0;
    }
}
