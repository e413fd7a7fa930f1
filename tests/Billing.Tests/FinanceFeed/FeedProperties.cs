using System.Text.Json;
using Aigc2d.Billing.Tests.Ledger;
using Aigc2d.TestKit;
using FsCheck.Fluent;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.FinanceFeed;

/// <summary>A consumer that applies an account's next event only, and ignores every other, ends where the ledger is, whatever is delivered.</summary>
public sealed class FeedProperties(BillingFixture shared)
{
    [Fact]
    public async Task Duplicates_reordering_and_cuts_do_not_change_what_a_consumer_arrives_at()
    {
        await using var billing = await shared.AnotherAsync();
        await LedgerDriver.PutPricesAsync(billing);
        var drivers = new List<LedgerDriver>();
        foreach (var operations in Gen.Sample(LedgerOperation.Lists(), 20, 6))
        {
            drivers.Add(await LedgerDriver.NewAsync(billing, [5 * Point, 9 * Point]));
            foreach (var operation in operations) await drivers[^1].ApplyAsync(operation);
        }

        var ledger = await BalancesAsync(billing, [.. drivers.SelectMany(driver => driver.Accounts)]);
        var events = await AllEventsAsync(billing, ledger.Count);
        foreach (var chaos in Gen.Sample(Deliveries(events), 10, 20))
        {
            var consumer = new Consumer();
            foreach (var @event in chaos.Concat(events)) consumer.Receive(@event);
            Assert.Equal(ledger, consumer.Balances);
        }
    }

    /// <summary>Stretches of the feed from anywhere to anywhere, each shuffled in itself: what redelivery after cuts looks like, only worse.</summary>
    private static FsCheck.Gen<JsonElement[]> Deliveries(JsonElement[] events) =>
        from cuts in Gen.ListOf(Gen.Two(Gen.Choose(0, events.Length - 1)))
        from shuffled in Gen.CollectToArray(cuts, cut => Gen.Shuffle(events[Math.Min(cut.Item1, cut.Item2)..Math.Max(cut.Item1, cut.Item2)]))
        select shuffled.SelectMany(stretch => stretch).ToArray();

    private static async Task<SortedDictionary<string, long>> BalancesAsync(BillingFixture billing, Guid[] accounts)
    {
        var balances = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var account in accounts) balances[account.ToString()] = (await billing.StandAsync(account)).Balance;
        return balances;
    }

    private static async Task<JsonElement[]> AllEventsAsync(BillingFixture billing, int accounts)
    {
        await Eventually.Equal(0L, () => billing.CountAsync("select count(*) from billing_event_queue"));
        var events = await billing.EventsAsync();
        Assert.True(events.Length >= accounts);
        return events;
    }

    private sealed class Consumer
    {
        private readonly Dictionary<string, long> _applied = [];

        public SortedDictionary<string, long> Balances { get; } = new(StringComparer.Ordinal);

        public void Receive(JsonElement @event)
        {
            var account = @event.GetProperty("subject").GetString()!;
            var data = @event.GetProperty("data");
            if (data.GetProperty("accountSequence").GetInt64() != _applied.GetValueOrDefault(account) + 1) return;

            _applied[account] = data.GetProperty("accountSequence").GetInt64();
            Balances[account] = Balances.GetValueOrDefault(account) + data.GetProperty("amountMicropoints").GetInt64();
        }
    }
}
