using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ServiceDefaults.Tests;

public sealed class BatcherTests
{
    [Fact]
    public async Task An_idle_batcher_flushes_a_lone_item_at_once()
    {
        var batcher = new Batcher<int, int>(items => Task.FromResult<IReadOnlyList<int>>([.. items.Select(i => i * 2)]), new());
        Assert.Equal(14, await batcher.SubmitAsync(7));
    }

    [Fact]
    public async Task What_arrives_while_a_batch_is_under_way_goes_together_as_the_next()
    {
        var probe = new FlushProbe();
        var batcher = new Batcher<int, int>(probe.FlushAsync, new());

        var first = batcher.SubmitAsync(1);
        await Eventually.True(() => probe.Batches.Count == 1);
        var rest = Enumerable.Range(2, 50).Select(i => batcher.SubmitAsync(i)).ToArray();
        probe.Open();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal([1, 50], probe.Batches.Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(2, 50), rest.Select(task => task.GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task No_more_batches_are_under_way_than_allowed()
    {
        var probe = new FlushProbe();
        var batcher = new Batcher<int, int>(probe.FlushAsync, new() { InFlight = 2, MaxItems = 1 });

        var all = Enumerable.Range(0, 10).Select(i => batcher.SubmitAsync(i)).ToArray();
        await Eventually.True(() => probe.Batches.Count == 2);
        Assert.Equal(8, batcher.Waiting);
        probe.Open();
        await Task.WhenAll(all);

        Assert.Equal(2, probe.MostAtOnce);
    }

    [Fact]
    public async Task A_batch_is_cut_at_its_items_and_at_its_bytes_but_a_larger_item_still_goes_alone()
    {
        var probe = new FlushProbe();
        var batcher = new Batcher<int, int>(probe.FlushAsync, new() { MaxItems = 3, MaxBytes = 10 }, sizeOf: item => item);

        var first = batcher.SubmitAsync(0);
        await Eventually.True(() => probe.Batches.Count == 1);
        var rest = new[] { 4, 4, 4, 99, 1, 1, 1, 1 }.Select(i => batcher.SubmitAsync(i)).ToArray();
        probe.Open();
        await Task.WhenAll([first, .. rest]);

        Assert.Equal(["0", "4,4", "4", "99", "1,1,1", "1"], probe.Batches.Select(batch => string.Join(',', batch)));
    }

    [Fact]
    public async Task An_item_that_is_cancelled_while_it_waits_is_not_flushed()
    {
        var probe = new FlushProbe();
        var batcher = new Batcher<int, int>(probe.FlushAsync, new());
        using var patience = new CancellationTokenSource();

        var first = batcher.SubmitAsync(1);
        await Eventually.True(() => probe.Batches.Count == 1);
        var impatient = batcher.SubmitAsync(2, patience.Token);
        var patient = batcher.SubmitAsync(3);
        await patience.CancelAsync();
        probe.Open();
        await Task.WhenAll(first, patient);

        await Assert.ThrowsAsync<TaskCanceledException>(() => impatient);
        Assert.Equal(["1", "3"], probe.Batches.Select(batch => string.Join(',', batch)));
    }

    [Fact]
    public async Task One_poison_item_among_fifty_fails_alone()
    {
        var batcher = new Batcher<int, int>(
            items => items.Contains(25) ? throw new FormatException() : Task.FromResult<IReadOnlyList<int>>([.. items]), new(), splitOn: exception => exception is FormatException);

        var all = Enumerable.Range(0, 50).Select(i => batcher.SubmitAsync(i)).ToArray();
        await Task.WhenAll(all).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal([25], all.Index().Where(task => task.Item.IsFaulted).Select(task => task.Index));
    }

    [Fact]
    public async Task An_outage_fails_the_whole_batch_once_and_the_next_batch_goes_on()
    {
        var flushes = 0;
        var batcher = new Batcher<int, int>(items => flushes++ == 0 ? throw new IOException() : Task.FromResult<IReadOnlyList<int>>([.. items]), new(), splitOn: exception => exception is FormatException);

        await Assert.ThrowsAsync<IOException>(() => batcher.SubmitAsync(1));
        Assert.Equal(2, await batcher.SubmitAsync(2));
        Assert.Equal(2, flushes);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once()
    {
        var probe = new FlushProbe();
        var batcher = new Batcher<int, int>(probe.FlushAsync, new() { QueueLimit = 2 });

        var first = batcher.SubmitAsync(1);
        await Eventually.True(() => probe.Batches.Count == 1);
        var waiting = new[] { batcher.SubmitAsync(2), batcher.SubmitAsync(3) };

        await Assert.ThrowsAsync<BatcherOverloadedException>(() => batcher.SubmitAsync(4));
        probe.Open();
        await Task.WhenAll([first, .. waiting]);
    }

    [Fact]
    public void Every_item_gets_its_own_result_whatever_the_limits() =>
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>().Generator.Three().ToArbitrary(), limits =>
        {
            var batcher = new Batcher<int, int>(
                async items =>
                {
                    await Task.Yield();
                    return [.. items.Select(i => i * 3)];
                },
                new() { MaxItems = limits.Item1.Get, InFlight = limits.Item2.Get, MaxBytes = limits.Item3.Get },
                sizeOf: _ => 1);
            var results = Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => batcher.SubmitAsync(i)))).GetAwaiter().GetResult();
            return results.SequenceEqual(Enumerable.Range(0, 200).Select(i => i * 3));
        }).QuickCheckThrowOnFailure();

    private sealed class FlushProbe
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private int _now;

        public List<int[]> Batches { get; } = [];

        public int MostAtOnce { get; private set; }

        public void Open() => _gate.SetResult();

        public async Task<IReadOnlyList<int>> FlushAsync(IReadOnlyList<int> items)
        {
            lock (_lock)
            {
                Batches.Add([.. items]);
                MostAtOnce = Math.Max(MostAtOnce, ++_now);
            }

            await _gate.Task;
            lock (_lock) _now--;
            return items;
        }
    }
}
