namespace Aigc2d.ProviderAdapters.Health;

/// <summary>So many a minute, as a bucket that fills evenly. What turns out to be more than was thought is taken afterwards and may leave a debt.</summary>
internal sealed class Allowance(int perMinute, DateTimeOffset now)
{
    private readonly Lock _lock = new();
    private double _left = perMinute;
    private DateTimeOffset _at = now;

    public int PerMinute => perMinute;

    public bool TryTake(int amount, DateTimeOffset now)
    {
        lock (_lock)
        {
            Fill(now);
            if (_left < 1) return false;
            _left -= amount;
            return true;
        }
    }

    /// <summary>Takes more, or gives back.</summary>
    public void Correct(long amount)
    {
        lock (_lock) _left -= amount;
    }

    /// <summary>How long until one more fits; zero when it does now.</summary>
    public TimeSpan Wait(DateTimeOffset now)
    {
        lock (_lock)
        {
            Fill(now);
            return _left >= 1 ? TimeSpan.Zero : TimeSpan.FromMinutes((1 - _left) / perMinute);
        }
    }

    private void Fill(DateTimeOffset now)
    {
        if (now <= _at) return;
        _left = Math.Min(perMinute, _left + (now - _at).TotalMinutes * perMinute);
        _at = now;
    }
}
