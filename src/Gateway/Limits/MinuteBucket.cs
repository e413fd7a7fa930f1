namespace Aigc2d.Gateway.Limits;

/// <summary>
/// A bucket that holds a minute's allowance and refills evenly. It keeps one number, the moment at which it will be full; each unit taken moves
/// that moment away by its share of a minute.
/// </summary>
internal struct MinuteBucket
{
    // Tenths of a nanosecond: fine enough that shares rounded down never add up to one more unit for any plan below 700,000 a minute.
    private const long UnitsPerTick = 1_000;
    private const long MinuteUnits = TimeSpan.TicksPerMinute * UnitsPerTick;
    private long _fullAt;

    public static long UnitsOf(TimeSpan sinceStart) => sinceStart.Ticks * UnitsPerTick;

    /// <summary>The time until <paramref name="amount"/> fits; zero when it fits now, null when it is more than the bucket holds.</summary>
    public readonly TimeSpan? WaitFor(long amount, long limit, long now)
    {
        if (amount > limit) return null;

        var missing = Math.Max(_fullAt, now) + ShareOf(amount, limit) - now - MinuteUnits;
        return missing <= 0 ? TimeSpan.Zero : ToTime(missing);
    }

    public void Take(long amount, long limit, long now) => _fullAt = Math.Max(_fullAt, now) + ShareOf(amount, limit);

    /// <summary>Gives back what was taken for a call that never ran.</summary>
    public void Return(long amount, long limit) => _fullAt -= ShareOf(amount, limit);

    public readonly BucketState StateOf(long limit, long now)
    {
        var missing = Math.Max(0, _fullAt - now);
        var free = (Int128)Math.Max(0, MinuteUnits - missing) * Math.Max(0, limit);
        return new(limit, (long)(free / MinuteUnits), ToTime(missing));
    }

    public readonly bool IsFull(long now) => _fullAt <= now;

    private static long ShareOf(long amount, long limit) => limit <= 0 ? 0 : (long)((Int128)amount * MinuteUnits / limit);

    private static TimeSpan ToTime(long units) => TimeSpan.FromTicks((units + UnitsPerTick - 1) / UnitsPerTick);
}
