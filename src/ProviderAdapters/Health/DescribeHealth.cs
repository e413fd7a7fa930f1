using System.Text.Json;
using Aigc2d.ProviderAdapters.Channels;
using Polly.CircuitBreaker;

namespace Aigc2d.ProviderAdapters.Health;

/// <summary>Puts a channel's health into words and numbers for operators.</summary>
internal sealed class DescribeHealth(ChannelHealths healths, TimeProvider time)
{
    public ChannelHealthResponse Of(Channel channel)
    {
        var health = healths.Of(channel);
        var now = time.GetUtcNow();
        var asked = health.Models.ToDictionary(StringComparer.Ordinal);
        return new ChannelHealthResponse
        {
            Id = channel.Id,
            Name = channel.Name,
            Provider = channel.Provider,
            Region = channel.Region,
            Priority = channel.Priority,
            State = channel.IsActive ? "active" : "disabled",
            Running = health.Running,
            Resting = Of(health.Rest, now),
            ProviderLimits = [.. health.Told.Select(limit => new ToldLimitResponse(limit.Name, limit.Remaining, limit.Limit, limit.ResetAt))],
            CostTodayMicropoints = channel.Costs.Count == 0 ? null : health.Cost.Micropoints(),
            Models = [.. channel.Models.SelectMany(model => NamesOf(model, asked)).Select(name => Of(name, asked.GetValueOrDefault(name), now))],
        };
    }

    public static BreakerState StateOf(Breaker breaker) => breaker.State switch
    {
        CircuitState.Closed => BreakerState.Closed,
        CircuitState.HalfOpen => BreakerState.HalfOpen,
        _ => BreakerState.Open,
    };

    /// <summary>The model, and what else than chats it was asked for.</summary>
    private static IEnumerable<string> NamesOf(ChannelModel model, Dictionary<string, ModelHealth> asked) =>
        asked.Keys.Where(name => name.StartsWith($"{model.Name} (", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Prepend(model.Name);

    private static ModelHealthResponse Of(string model, ModelHealth? health, DateTimeOffset now)
    {
        var (good, bad) = health?.Recent.Counts() ?? (0, 0);
        var waits = health?.Recent.Waits();
        return new ModelHealthResponse
        {
            Model = model,
            Breaker = health is null ? BreakerState.Closed : StateOf(health.Breaker),
            Since = health?.Breaker.Since,
            OpenUntil = health?.Breaker.State == CircuitState.Open ? health.Breaker.OpenUntil : null,
            Resting = Of(health?.Rest, now),
            Successes = good,
            Failures = bad,
            FirstByteP50Ms = waits?.P50,
            FirstByteP95Ms = waits?.P95,
            LastError = health?.LastError is { } error ? new LastErrorResponse(error.Text, error.At) : null,
        };
    }

    private static RestResponse? Of(Rest? rest, DateTimeOffset now) =>
        rest is null || rest.IsOver(now) ? null : new RestResponse(JsonNamingPolicy.SnakeCaseLower.ConvertName(rest.Cause.ToString()), rest.Until);
}
