namespace Aigc2d.ProviderAdapters.Health;

/// <summary>What a channel has cost us since midnight UTC, as far as this process has seen it and its prices are known.</summary>
internal sealed class DayCost(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateOnly _day;
    private decimal _micropoints;

    public void Add(Channels.ModelCost cost, int inputTokens, int outputTokens)
    {
        lock (_lock)
        {
            StartDay();
            _micropoints += ((decimal)inputTokens * cost.InputMicropointsPer1k + (decimal)outputTokens * cost.OutputMicropointsPer1k) / 1000;
        }
    }

    public long Micropoints()
    {
        lock (_lock)
        {
            StartDay();
            return (long)Math.Ceiling(Math.Min(_micropoints, long.MaxValue));
        }
    }

    private void StartDay()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (today == _day) return;
        (_day, _micropoints) = (today, 0);
    }
}
