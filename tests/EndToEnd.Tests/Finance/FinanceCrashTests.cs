using System.Diagnostics;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.EndToEnd.Tests.Finance;

/// <summary>Billing and PostgreSQL die twenty times under load: the ledger stays whole and finance hears of every movement once.</summary>
[Collection(nameof(FinanceCrashTests))]
[CollectionDefinition(nameof(FinanceCrashTests), DisableParallelization = true)]
public sealed class FinanceCrashTests(Suite suite, ITestOutputHelper output)
{
    // PostgreSQL's recovery writes every changed file to disk: on a slow one that takes longer than a start may.
    private static readonly TimeSpan RestartPatience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Twenty_kills_of_billing_and_postgres_leave_a_clean_audit_and_finance_with_the_ledgers_balances()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var finance = new FinanceConsumer(suite, seed);
        await using var traffic = await Traffic.StartAsync(suite, accounts: 8, seed);
        var started = Stopwatch.GetTimestamp();

        for (var kill = 1; kill <= 20; kill++)
        {
            var victim = kill % 2 == 1 ? "billing" : "postgres";
            await traffic.GoOnAsync(calls: random.Next(10, 40));
            await suite.KillAsync(victim);
            await Eventually.Equal("", () => suite.TryRestartAsync(victim), RestartPatience);
            output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s: {victim} killed, {traffic.Answered} answered, {traffic.Failed} failed");
        }

        await traffic.GoOnAsync(calls: 50);
        await traffic.StopAsync();
        await traffic.AssertChargedOnceAsync();
        await finance.AssertEqualsLedgerAsync(TimeSpan.FromSeconds(30));
        output.WriteLine((await finance.StopAsync()).GetRawText());

        // Holds of calls that died unanswered run out by themselves in 90 s (CrashTests); no answered call may still hold points.
        Assert.Empty((await OpenHoldsAsync()).Intersect(traffic.AnsweredIds));
        Assert.Equal("", await suite.AuditAsync());
        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private async Task<List<string>> OpenHoldsAsync()
    {
        var open = new List<string>();
        await using var db = NpgsqlDataSource.Create(suite.BillingDb);
        await using var command = db.CreateCommand("select request_id from holds where state = 'open'");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) open.Add($"{reader.GetGuid(0)}");
        return open;
    }
}
