using System.Buffers;
using System.IO.Pipelines;

namespace Aigc2d.ProviderAdapters.Streams;

/// <summary>What a read of a server-sent event stream brought.</summary>
public enum SseKind
{
    /// <summary>The data of one event.</summary>
    Event,

    /// <summary>Nothing: somebody called <see cref="PipeReader.CancelPendingRead"/> to wake the reader.</summary>
    Woken,

    /// <summary>The stream is over.</summary>
    End,

    /// <summary>A line or an event is longer than allowed; nothing more can be read.</summary>
    TooLong,
}

/// <summary>One read: its kind and, for an event, its data, which is good until the next read.</summary>
public readonly record struct SseRead(SseKind Kind, ReadOnlyMemory<byte> Data = default);

/// <summary>
/// Reads the data of server-sent events, however the bytes are split: LF, CRLF and CR end a line, data lines of one event are joined with LF,
/// comments and other fields are skipped, a byte order mark too. An unfinished event at the end counts, because some providers omit the last
/// blank line (https://html.spec.whatwg.org/multipage/server-sent-events.html would drop it).
/// </summary>
public sealed class SseReader(PipeReader input, int maxBytes)
{
    private readonly ArrayBufferWriter<byte> _joined = new();
    private ReadOnlySequence<byte> _buffer;
    private ReadOnlyMemory<byte> _single;
    private long _scanned;
    private int _dataLines;
    private bool _atStart = true;
    private bool _skipLineFeed;
    private bool _reading;
    private bool _completed;

    /// <summary>Reads on. Waits only when no whole event is buffered.</summary>
    public async ValueTask<SseRead> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            if (_reading && TryReadEvent(out var read)) return read;

            var woken = false;
            if (!_completed)
            {
                JoinSingle(); // the buffer it lies in is about to move on
                if (_reading) input.AdvanceTo(_buffer.Start, _buffer.End);
                var result = await input.ReadAsync(ct);
                (_buffer, _completed, _reading, woken) = (result.Buffer, result.IsCompleted, true, result.IsCanceled);
            }
            else if (TryReadLastEvent(out var last))
            {
                return last;
            }
            else
            {
                return new SseRead(SseKind.End);
            }

            if (woken) return new SseRead(SseKind.Woken);
        }
    }

    private bool TryReadEvent(out SseRead read)
    {
        while (TryReadLine(out var line))
        {
            if (!line.IsEmpty)
            {
                TakeField(line);
            }
            else if (_dataLines > 0)
            {
                read = new SseRead(SseKind.Event, TakeData());
                return true;
            }

            if (_joined.WrittenCount > maxBytes) break;
        }

        read = new SseRead(SseKind.TooLong);
        return Math.Max(_buffer.Length, _joined.WrittenCount) > maxBytes;
    }

    private bool TryReadLastEvent(out SseRead read)
    {
        if (!_buffer.IsEmpty)
        {
            TakeField(_buffer);
            _buffer = _buffer.Slice(_buffer.End);
        }

        var isEvent = _dataLines > 0;
        read = isEvent ? new SseRead(SseKind.Event, TakeData()) : default;
        return isEvent;
    }

    /// <summary>Cuts the next whole line off the buffer. A CR at the very end counts at once; the LF that may follow it is then skipped.</summary>
    private bool TryReadLine(out ReadOnlySequence<byte> line)
    {
        line = default;
        if (_buffer.IsEmpty) return false;
        if (_skipLineFeed && StartsWith(_buffer, "\n"u8)) _buffer = _buffer.Slice(1);
        _skipLineFeed = false;

        var reader = new SequenceReader<byte>(_buffer.Slice(_scanned));
        if (!reader.TryAdvanceToAny("\r\n"u8, advancePastDelimiter: false))
        {
            _scanned = _buffer.Length;
            return false;
        }

        line = _buffer.Slice(0, reader.Position);
        reader.TryRead(out var terminator);
        _buffer = _buffer.Slice(reader.Position);
        _scanned = 0;
        _skipLineFeed = terminator == (byte)'\r';
        return true;
    }

    private void TakeField(ReadOnlySequence<byte> line)
    {
        if (_atStart && StartsWith(line, "\uFEFF"u8)) line = line.Slice(3);
        _atStart = false;

        if (!StartsWith(line, "data"u8)) return;
        var value = line.Slice(4);
        if (!value.IsEmpty && !StartsWith(value, ":"u8)) return;
        if (!value.IsEmpty) value = value.Slice(StartsWith(value, ": "u8) ? 2 : 1);
        AddDataLine(value);
    }

    private static bool StartsWith(ReadOnlySequence<byte> line, ReadOnlySpan<byte> prefix) => new SequenceReader<byte>(line).IsNext(prefix);

    /// <summary>An event of one line in one segment, which is nearly every event, is handed out without a copy.</summary>
    private void AddDataLine(ReadOnlySequence<byte> value)
    {
        _dataLines++;
        if (_dataLines == 1 && value.IsSingleSegment)
        {
            _single = value.First;
            return;
        }

        JoinSingle();
        if (_dataLines > 1) _joined.Write("\n"u8);
        foreach (var segment in value) _joined.Write(segment.Span);
    }

    private ReadOnlyMemory<byte> TakeData()
    {
        var data = _single.IsEmpty ? _joined.WrittenMemory : _single;
        _single = default;
        _dataLines = 0;
        // Resetting keeps the bytes: they stay good until the next event writes over them.
        _joined.ResetWrittenCount();
        return data;
    }

    private void JoinSingle()
    {
        if (_single.IsEmpty) return;
        _joined.Write(_single.Span);
        _single = default;
    }
}
