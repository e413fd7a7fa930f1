using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line that a resource has written.</summary>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last lines of every resource and hands them to whoever asks.</summary>
public class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, Backlog> _backlogs = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;
    private readonly Action<string, string>? _console;

    internal ResourceLoggerService(TimeProvider time, Action<string, string>? console)
    {
        _time = time;
        _console = console;
    }

    /// <summary>The lines that are kept, then the end.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => new[] { BacklogOf(resource.Name).Lines() }.ToAsyncEnumerable();

    /// <summary>The lines that are kept, then each new one, without end.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(BacklogOf(resource.Name));

    internal void Append(IResource resource, string line, bool isError)
    {
        var stamp = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        BacklogOf(resource.Name).Append($"{stamp} {line}", isError);
        _console?.Invoke(resource.Name, line);
    }

    private static async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(Backlog backlog, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var watcher = backlog.Watch();
        try
        {
            while (await watcher.Reader.WaitToReadAsync(ct))
            {
                var lines = new List<LogLine>();
                while (watcher.Reader.TryRead(out var line))
                {
                    lines.Add(line);
                }

                yield return lines;
            }
        }
        finally
        {
            backlog.Leave(watcher);
        }
    }

    private Backlog BacklogOf(string name) => _backlogs.GetOrAdd(name, _ => new Backlog());

    /// <summary>The ring buffer of one resource.</summary>
    private sealed class Backlog
    {
        private const int KeptLines = 2000;
        private readonly Queue<LogLine> _lines = new();
        private readonly List<Channel<LogLine>> _watchers = [];
        private int _last;

        public void Append(string content, bool isError)
        {
            lock (_lines)
            {
                var line = new LogLine(++_last, content, isError);
                _lines.Enqueue(line);
                if (_lines.Count > KeptLines)
                {
                    _lines.Dequeue();
                }

                _watchers.ForEach(watcher => watcher.Writer.TryWrite(line));
            }
        }

        public IReadOnlyList<LogLine> Lines()
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }

        public Channel<LogLine> Watch()
        {
            var watcher = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(10 * KeptLines) { FullMode = BoundedChannelFullMode.DropOldest });
            lock (_lines)
            {
                foreach (var line in _lines)
                {
                    watcher.Writer.TryWrite(line);
                }

                _watchers.Add(watcher);
            }

            return watcher;
        }

        public void Leave(Channel<LogLine> watcher)
        {
            lock (_lines)
            {
                _watchers.Remove(watcher);
            }
        }
    }
}
