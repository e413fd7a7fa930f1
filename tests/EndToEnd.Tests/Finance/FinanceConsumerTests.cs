namespace Aigc2d.EndToEnd.Tests.Finance;

/// <summary>B20 in practice: a consumer written against the document alone arrives at the ledger's balances, however often it is cut.</summary>
[Collection(nameof(FinanceConsumerTests))]
[CollectionDefinition(nameof(FinanceConsumerTests), DisableParallelization = true)]
public sealed class FinanceConsumerTests(Suite suite, ITestOutputHelper output)
{
    private static readonly string[] Faults = ["duplicate", "gap", "returned"];

    [Fact]
    public async Task A_consumer_in_another_language_rebuilds_every_balance_under_duplicates_reordering_and_cuts()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var finance = new FinanceConsumer(suite, seed);
        await using var traffic = await Traffic.StartAsync(suite, accounts: 8, seed);

        for (var cut = 1; cut <= 6; cut++)
        {
            await traffic.GoOnAsync(calls: 150);
            await finance.CrashAsync();
        }

        // Faults are chance: traffic goes on until each has been met.
        await traffic.GoOnAsync(calls: 300);
        for (var more = 0; more < 10 && !Array.TrueForAll(Faults, finance.HasSeen); more++) await traffic.GoOnAsync(calls: 150);
        await traffic.StopAsync();
        await traffic.AssertChargedOnceAsync();
        await finance.AssertEqualsLedgerAsync(TimeSpan.FromSeconds(20));

        var seen = await finance.StopAsync();
        output.WriteLine(seen.GetRawText());
        Assert.All(Faults, fault => Assert.True(seen.GetProperty(fault).GetInt32() > 0, $"no {fault}: {seen.GetRawText()}"));
        Assert.Equal("", await suite.AuditAsync());
    }
}
