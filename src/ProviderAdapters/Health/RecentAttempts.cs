namespace Aigc2d.ProviderAdapters.Health;

/// <summary>What the last attempts were like: counts of the last seconds, waiting times of the last minutes.</summary>
internal sealed class RecentAttempts(TimeProvider time)
{
    private const int Seconds = 10;
    private const int Samples = 256;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly (long Second, int Good, int Bad)[] _counts = new (long, int, int)[Seconds];
    private readonly (DateTimeOffset At, double Milliseconds)[] _waits = new (DateTimeOffset, double)[Samples];
    private int _next;

    public void Add(bool isGood)
    {
        var second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_lock)
        {
            ref var slot = ref _counts[second % Seconds];
            if (slot.Second != second) slot = (second, 0, 0);
            if (isGood) slot.Good++;
            else slot.Bad++;
        }
    }

    /// <summary>Notes how long a provider took to begin its answer.</summary>
    public void AddWait(TimeSpan wait)
    {
        lock (_lock) _waits[_next++ % Samples] = (time.GetUtcNow(), wait.TotalMilliseconds);
    }

    public (int Good, int Bad) Counts()
    {
        var oldest = time.GetUtcNow().ToUnixTimeSeconds() - Seconds;
        lock (_lock)
        {
            var recent = _counts.Where(slot => slot.Second > oldest).ToArray();
            return (recent.Sum(slot => slot.Good), recent.Sum(slot => slot.Bad));
        }
    }

    /// <summary>Half of the recent waits were shorter than the first number of milliseconds, nineteen of twenty shorter than the second; null without any.</summary>
    public (long P50, long P95)? Waits()
    {
        var oldest = time.GetUtcNow() - Memory;
        double[] recent;
        lock (_lock) recent = [.. _waits.Take(_next).Where(wait => wait.At > oldest).Select(wait => wait.Milliseconds).Order()];
        return recent.Length == 0 ? null : ((long)At(recent, 0.5), (long)At(recent, 0.95));
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
