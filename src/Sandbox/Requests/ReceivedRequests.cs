namespace Aigc2d.Sandbox.Requests;

/// <summary>What was received, newest last, so that a test can say "nothing was sent upstream". Bounded by count and bytes: the oldest go first.</summary>
public sealed class ReceivedRequests
{
    private const int MaxRequests = 5_000;
    private const long MaxBytes = 64 * 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly LinkedList<ReceivedRequest> _requests = [];
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Notes the request and counts it as running until the result is disposed.</summary>
    public IDisposable Begin(ReceivedRequest request)
    {
        lock (_lock)
        {
            _requests.AddLast(request);
            _bytes += request.Body.Length;
            while (_requests.Count > MaxRequests || (_bytes > MaxBytes && _requests.Count > 1))
            {
                _bytes -= _requests.First!.Value.Body.Length;
                _requests.RemoveFirst();
            }

            _open[request.Model] = _open.GetValueOrDefault(request.Model) + 1;
        }

        return new Running(this, request.Model);
    }

    public IReadOnlyList<ReceivedRequest> Find(string? model)
    {
        lock (_lock) return [.. _requests.Where(request => Matches(request.Model, model))];
    }

    public int CountOpen(string? model)
    {
        lock (_lock) return _open.Where(entry => Matches(entry.Key, model)).Sum(entry => entry.Value);
    }

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _bytes = 0;
        }
    }

    /// <summary>A name asked for without a script finds every script of that model.</summary>
    private static bool Matches(string received, string? asked) =>
        asked is null || received == asked || (received.StartsWith(asked, StringComparison.Ordinal) && received[asked.Length] == '@');

    private void End(string model)
    {
        lock (_lock)
        {
            if (_open[model] == 1) _open.Remove(model);
            else _open[model]--;
        }
    }

    /// <summary>Ends the count of a running request.</summary>
    private sealed class Running(ReceivedRequests requests, string model) : IDisposable
    {
        public void Dispose() => requests.End(model);
    }
}

/// <summary>A request as it came in: the model with its script (wherever the format names it), where it went, all headers, the untouched body.</summary>
public sealed record ReceivedRequest(
    string Model, DateTimeOffset ReceivedAt, string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);
