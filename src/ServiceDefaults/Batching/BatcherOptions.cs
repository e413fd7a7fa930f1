namespace Aigc2d.ServiceDefaults.Batching;

/// <summary>The limits of a <see cref="Batcher{TItem, TResult}"/>.</summary>
public sealed record BatcherOptions
{
    /// <summary>The most items in one batch.</summary>
    public int MaxItems { get; init; } = 256;

    /// <summary>The most bytes in one batch, by the batcher's measure; a single larger item still goes, alone.</summary>
    public long MaxBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many batches may be under way at once. One where the flush takes locks, two on stateless hops.</summary>
    public int InFlight { get; init; } = 1;

    /// <summary>How many items may wait; more are refused with <see cref="BatcherOverloadedException"/>.</summary>
    public int QueueLimit { get; init; } = 10_000;
}

/// <summary>More items wait than the batcher takes: the caller sheds load instead of waiting for a time-out.</summary>
public sealed class BatcherOverloadedException(int queueLimit) : Exception($"More than {queueLimit} items wait for their batch.");
