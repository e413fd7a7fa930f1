using System.Globalization;
using Aigc2d.Billing.Holds;
using Aigc2d.Billing.Settlements;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Benchmarks;

/// <summary>
/// Holds and settlements per second of the ledger in process: natural batching beside one commit for each. Ends with a clean audit and the line
/// <c>ratio N</c>: batched over single requests per second on one hot account with 64 callers.
/// </summary>
internal static class HoldsBenchmark
{
    private const string Model = "bench";
    private const int Accounts = 1_000;
    private const int Rounds = 3;
    private const int MostHolds = 10_000;
    private static readonly int[] Concurrencies = [1, 8, 64];
    private static readonly TimeSpan HoldPhase = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettlePhase = TimeSpan.FromSeconds(1.5);

    public static async Task<int> RunAsync(CancellationToken ct)
    {
        await Console.Error.WriteLineAsync("bench: starting the servers");
        await using var billing = await BillingUnderLoad.StartAsync();
        var ledger = new Ledger(billing.Services.GetRequiredService<HoldPlacement>(), billing.Services.GetRequiredService<Settlement>());
        await Console.Error.WriteLineAsync($"bench: opening {Accounts} accounts");
        await billing.PutPriceAsync(Model, ct);
        var accounts = await billing.CustomersAsync(Accounts, ct);
        await Console.Out.WriteLineAsync(await billing.ServerAsync(ct));

        await Console.Error.WriteLineAsync("bench: warming up");
        await MeasureAsync(billing, accounts, Concurrencies[^1], ledger, alone: true, ct);
        await MeasureAsync(billing, accounts, Concurrencies[^1], ledger, alone: false, ct);

        var ratio = await TableAsync(billing, ledger, accounts, ct);
        await Console.Error.WriteLineAsync("bench: auditing the ledger");
        if (!await billing.AuditAsync(Console.Error)) return 1;

        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"ratio {ratio:0.0}"));
        return 0;
    }

    /// <summary>Prints a row per setting and answers the ratio of the last row of the hot account.</summary>
    private static async Task<double> TableAsync(BillingUnderLoad billing, Ledger ledger, Guid[] accounts, CancellationToken ct)
    {
        await Console.Out.WriteLineAsync("A request is one hold and one settlement. Per second; retries are statements that waited longer than the lock or statement time-out.");
        await Console.Out.WriteLineAsync($"                   {"one commit each",-41}  natural batching");
        await Console.Out.WriteLineAsync($"accounts  callers  {Rates.Header}  {Rates.Header}  ratio");
        var hot = 0.0;
        foreach (var pool in new[] { accounts[..1], accounts })
        {
            foreach (var callers in Concurrencies)
            {
                // Both sides take turns, so that whatever else this machine does meets both.
                var (single, batched) = (Rates.None, Rates.None);
                for (var round = 0; round < Rounds; round++)
                {
                    await Console.Error.WriteLineAsync($"bench: {pool.Length} accounts, {callers} callers, round {round + 1} of {Rounds}");
                    single += await MeasureAsync(billing, pool, callers, ledger, alone: true, ct);
                    batched += await MeasureAsync(billing, pool, callers, ledger, alone: false, ct);
                }

                var ratio = batched.Requests / single.Requests;
                if (pool.Length == 1) hot = ratio;
                await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{pool.Length,8}  {callers,7}  {single}  {batched}  {ratio,5:0.0}"));
            }
        }

        return hot;
    }

    /// <summary>Callers place holds for a while, then settle what they have placed; what time did not allow is settled unmeasured.</summary>
    private static async Task<Rates> MeasureAsync(BillingUnderLoad billing, Guid[] accounts, int callers, Ledger ledger, bool alone, CancellationToken ct)
    {
        Func<PlaceHold, Task> place = alone ? ledger.PlaceAloneAsync : ledger.PlaceAsync;
        Func<UsageRecorded, Task> settle = alone ? ledger.SettleAloneAsync : ledger.SettleAsync;
        var holds = new PlaceHold[MostHolds];
        var holding = await Callers.RunAsync(callers, MostHolds, HoldPhase, number => place(holds[number] = HoldOn(accounts[number % accounts.Length])), ct);
        var settling = await Callers.RunAsync(callers, holding.Done, SettlePhase, number => settle(UsageOf(holds[number])), ct);
        await Callers.RunAsync(Concurrencies[^1], holding.Done - settling.Done, TimeSpan.MaxValue, number => ledger.SettleAsync(UsageOf(holds[settling.Done + number])), ct);
        await billing.DrainFeedAsync(ct);
        return new(holding, settling);
    }

    private static PlaceHold HoldOn(Guid account) => new()
    {
        RequestId = Guid.CreateVersion7(),
        AccountId = account,
        KeyId = account,
        Model = Model,
        InputTokens = 11,
        MaxOutputTokens = 50,
        MultiplierPpm = 1_000_000,
    };

    private static UsageRecorded UsageOf(PlaceHold hold) => new()
    {
        RequestId = hold.RequestId,
        AccountId = hold.AccountId,
        KeyId = hold.KeyId,
        Model = hold.Model,
        Provider = "openai",
        ChannelId = hold.AccountId,
        EndCause = EndCause.Completed,
        InputTokens = 11,
        OutputTokens = 9,
        EndedAt = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>The same code either way: what differs is whether items that come together share a transaction.</summary>
    private sealed class Ledger(HoldPlacement placement, Settlement settlement)
    {
        public async Task PlaceAsync(PlaceHold hold) => Expect(await placement.SubmitAsync(hold, CancellationToken.None));

        public async Task PlaceAloneAsync(PlaceHold hold) => Expect((await placement.PlaceAsync([hold]))[0]);

        public async Task SettleAsync(UsageRecorded usage) => Expect(await settlement.SubmitAsync(usage));

        public async Task SettleAloneAsync(UsageRecorded usage) => Expect((await settlement.SettleAsync([usage]))[0]);

        private static void Expect(PlaceHoldResult result)
        {
            if (result.Outcome != HoldOutcome.Placed) throw new InvalidOperationException($"A hold was refused: {result.Outcome}.");
        }

        private static void Expect(Charge? charge)
        {
            if (charge is not { Rule: "plain" }) throw new InvalidOperationException($"A settlement went by rule {charge?.Rule ?? "settled before"}.");
        }
    }

    /// <summary>What one way of writing has reached.</summary>
    private sealed record Rates(Rate Holding, Rate Settling)
    {
        public const string Header = " requests     holds  settlements  retries";

        public static readonly Rates None = new(new Rate(0, TimeSpan.Zero, 0), new Rate(0, TimeSpan.Zero, 0));

        /// <summary>A request takes the time of its hold and the time of its settlement.</summary>
        public double Requests => 1 / ((1 / Holding.PerSecond) + (1 / Settling.PerSecond));

        public static Rates operator +(Rates a, Rates b) => new(a.Holding + b.Holding, a.Settling + b.Settling);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Requests,9:0} {Holding.PerSecond,9:0} {Settling.PerSecond,12:0} {Holding.Retries + Settling.Retries,8}");
    }
}
