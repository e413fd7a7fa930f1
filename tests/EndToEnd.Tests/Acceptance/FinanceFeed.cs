using System.Collections.Concurrent;
using System.Text.Json;

namespace Aigc2d.EndToEnd.Tests.Acceptance;

/// <summary>The finance feed as it grows, each event read once; many tests ask for the charges of their accounts.</summary>
internal sealed class FinanceFeed(Suite suite) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JsonElement>> _charges = new(StringComparer.Ordinal);
    private long _after;

    /// <summary>The charges that finance has been told of, oldest first: tokens in and out, end cause, micropoints.</summary>
    public async Task<Charge[]> ChargesOfAsync(string account)
    {
        await _reading.WaitAsync();
        try
        {
            while (await ReadPageAsync())
            {
            }
        }
        finally
        {
            _reading.Release();
        }

        return _charges.TryGetValue(account, out var charges) ? [.. charges.Select(Charge.Of)] : [];
    }

    public void Dispose() => _reading.Dispose();

    private async Task<bool> ReadPageAsync()
    {
        var page = await suite.FinanceAsync($"/finance/events?after={_after}&limit=10000");
        var events = page.GetProperty("events");
        foreach (var one in events.EnumerateArray().Where(e => e.GetProperty("type").GetString() == "billing.usage.charged.v1"))
            _charges.GetOrAdd(one.GetProperty("subject").GetString()!, _ => new()).Enqueue(one.GetProperty("data"));
        _after = page.GetProperty("next").GetInt64();
        return events.GetArrayLength() > 0;
    }
}

/// <summary>A charge as finance reads it.</summary>
internal sealed record Charge(int InputTokens, int OutputTokens, string EndCause, long Micropoints)
{
    public static Charge Of(JsonElement data) => new(
        data.GetProperty("inputTokens").GetInt32(), data.GetProperty("outputTokens").GetInt32(), data.GetProperty("endCause").GetString()!, -data.GetProperty("amountMicropoints").GetInt64());

    public override string ToString() => $"{InputTokens}/{OutputTokens} {EndCause}";
}
