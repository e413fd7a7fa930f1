namespace Aigc2d.ServiceDefaults.Batching;

/// <summary>
/// Natural batching: while a batch is under way, what arrives queues; when it returns, the queue goes as the next batch. There is no timer,
/// so an idle caller waits for one flush and nothing else.
/// </summary>
/// <typeparam name="TItem">What callers submit.</typeparam>
/// <typeparam name="TResult">What each of them gets back.</typeparam>
/// <param name="flush">Handles a batch and answers one result per item, in order. It takes no cancellation: a started batch ends.</param>
/// <param name="options">The limits.</param>
/// <param name="sizeOf">The bytes an item adds to a batch; null when items are small.</param>
/// <param name="splitOn">Failures that one item may have caused: the batch is halved, down to singles, so that only that item fails.</param>
public sealed class Batcher<TItem, TResult>(
    Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> flush,
    BatcherOptions options,
    Func<TItem, long>? sizeOf = null,
    Func<Exception, bool>? splitOn = null)
{
    private readonly Lock _gate = new();
    private readonly Queue<Entry> _queue = new();
    private int _running;

    /// <summary>How many items wait for a batch.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _queue.Count;
        }
    }

    /// <summary>Queues an item and answers with its result. An item that is cancelled before its batch starts is dropped from it.</summary>
    /// <exception cref="BatcherOverloadedException">The queue is full.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; when the batch had started, its effect may still come.</exception>
    public Task<TResult> SubmitAsync(TItem item, CancellationToken ct = default)
    {
        if (ct.IsCancellationRequested) return Task.FromCanceled<TResult>(ct);

        var entry = new Entry(item, ct);
        lock (_gate)
        {
            if (_queue.Count >= options.QueueLimit) return Task.FromException<TResult>(new BatcherOverloadedException(options.QueueLimit));

            _queue.Enqueue(entry);
            if (_running == options.InFlight) return entry.Task;

            _running++;
        }

        _ = RunAsync();
        return entry.Task;
    }

    private async Task RunAsync()
    {
        List<Entry>? batch;
        do
        {
            // Lets go of the thread before each batch: the submitting caller may hold more items for it, and callers whose results have just
            // come may ask again. Without this they fall into two halves that take turns, and each batch is half as large as it could be.
            await Task.Yield();
            batch = TakeBatch();
            if (batch is not null) await FlushAsync(batch);
        }
        while (batch is not null);
    }

    private List<Entry>? TakeBatch()
    {
        lock (_gate)
        {
            var batch = new List<Entry>(Math.Min(_queue.Count, options.MaxItems));
            long bytes = 0;
            while (batch.Count < options.MaxItems && _queue.TryPeek(out var entry))
            {
                var size = sizeOf?.Invoke(entry.Item) ?? 0;
                if (batch.Count > 0 && bytes + size > options.MaxBytes) break;

                _queue.Dequeue();
                if (!entry.TryStart()) continue;

                bytes += size;
                batch.Add(entry);
            }

            if (batch.Count > 0) return batch;

            _running--;
            return null;
        }
    }

    private async Task FlushAsync(List<Entry> batch)
    {
        try
        {
            var results = await flush(batch.ConvertAll(e => e.Item));
            if (results.Count != batch.Count) throw new InvalidOperationException($"A batch of {batch.Count} items answered {results.Count} results.");

            for (var i = 0; i < batch.Count; i++) batch[i].TrySetResult(results[i]);
        }
        catch (Exception exception) when (batch.Count > 1 && splitOn?.Invoke(exception) == true)
        {
            var half = batch.Count / 2;
            await FlushAsync(batch.GetRange(0, half));
            await FlushAsync(batch.GetRange(half, batch.Count - half));
        }
        catch (Exception exception)
        {
            foreach (var entry in batch) entry.TrySetException(exception);
        }
    }

    private sealed class Entry : TaskCompletionSource<TResult>
    {
        public Entry(TItem item, CancellationToken ct)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Item = item;
            if (!ct.CanBeCanceled) return;

            var registration = ct.UnsafeRegister(static (state, token) => ((Entry)state!).TrySetCanceled(token), this);
            _ = Task.ContinueWith(static (_, state) => ((CancellationTokenRegistration)state!).Dispose(), registration, TaskScheduler.Default);
        }

        public TItem Item { get; }

        public bool TryStart() => !Task.IsCompleted;
    }
}
