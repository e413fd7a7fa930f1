using System.Net;
using FsCheck.Fluent;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Ledger;

/// <summary>Random lists of operations, duplicates and every order included, on a ledger of their own.</summary>
public sealed class LedgerProperties(BillingFixture shared) : IAsyncLifetime
{
    private BillingFixture _billing = null!;

    public async ValueTask InitializeAsync()
    {
        _billing = await shared.AnotherAsync();
        await LedgerDriver.PutPricesAsync(_billing);
    }

    public ValueTask DisposeAsync() => _billing.DisposeAsync();

    [Fact]
    public async Task Any_operations_end_as_the_model_says_and_every_step_passes_the_audit()
    {
        foreach (var (operations, number) in Gen.Sample(LedgerOperation.Lists(), 12, 20).Select((list, i) => (list, i))) await CheckAsync(operations, number);
    }

    [Fact]
    public async Task Endings_in_any_order_end_in_the_same_balances()
    {
        var lists = LedgerOperation.Lists().Select(list => list.Where(operation => operation.Kind is "settle" or "release" or "expire").ToArray());
        foreach (var endings in Gen.Sample(lists.Where(list => list.Length > 1), 12, 20))
            Assert.Equal(await EndAsync(endings), await EndAsync(Gen.Sample(Gen.Shuffle(endings), 1, 1).Single()));
    }

    [Fact]
    public async Task What_was_recorded_gives_the_same_balances_and_holds_when_replayed_into_an_empty_ledger()
    {
        foreach (var operations in Gen.Sample(LedgerOperation.Lists(), 20, 10))
        {
            var driver = await LedgerDriver.NewAsync(_billing, [2 * Point, 5 * Point]);
            foreach (var operation in operations) await driver.ApplyAsync(operation);
        }

        await using var empty = await shared.AnotherAsync();
        await using (var forget = empty.Owner.CreateCommand(Forget)) await forget.ExecuteNonQueryAsync();
        foreach (var table in Recorded) await CopyAsync(_billing, empty, table);
        await using (var replay = empty.Owner.CreateCommand(Replay)) await replay.ExecuteNonQueryAsync();

        Assert.Equal(await RowsAsync(_billing, Standing), await RowsAsync(empty, Standing));
        Assert.Equal(await RowsAsync(_billing, Totals), await RowsAsync(empty, Totals));
    }

    private async Task CheckAsync(LedgerOperation[] operations, int number)
    {
        long[] opening = [2 * Point, 5 * Point];
        var driver = await LedgerDriver.NewAsync(_billing, opening);
        var model = new LedgerModel(opening, LedgerDriver.DayCap);

        for (var step = 0; step < operations.Length; step++)
        {
            var operation = operations[step];
            var trace = $"case {number}, step {step}: {string.Join("; ", operations.Take(step + 1))}";
            var expected = Expect(model, operation, driver.RequestOf(operation));
            var came = await driver.ApplyAsync(operation);
            Assert.True(expected == came, $"expected {expected}, came {came} after {trace}");

            var stand = model.Balances.Select((balance, i) => (balance, model.Held(i))).ToArray();
            var stands = await driver.StandAsync();
            Assert.True(stand.SequenceEqual(stands), $"expected {string.Join(", ", stand)}, was {string.Join(", ", stands)} after {trace}");
            await _billing.AssertAuditIsCleanAsync(trace);
        }
    }

    /// <summary>Places every hold, applies the endings, settles what is left, and answers both balances.</summary>
    private async Task<(long Balance, long Held)[]> EndAsync(LedgerOperation[] endings)
    {
        var driver = await LedgerDriver.NewAsync(_billing, [100 * Point, 100 * Point]);
        foreach (var operation in LedgerOperation.OfEach("place")) await driver.ApplyAsync(operation);
        foreach (var operation in endings) await driver.ApplyAsync(LedgerOperation.Of(operation.Kind, operation.Request));
        foreach (var operation in LedgerOperation.OfEach("settle")) await driver.ApplyAsync(operation);

        return await driver.StandAsync();
    }

    private static string? Expect(LedgerModel model, LedgerOperation operation, Guid request)
    {
        switch (operation.Kind)
        {
            case "place":
                return model.Place(request, operation.Account, operation.IsCapped).ToString();
            case "settle":
                model.Settle(request, operation.Output, operation.Cause, operation.IsEstimated, operation.IsOwnKey);
                return null;
            case "adjust":
                return (model.Adjust(operation.Account, operation.Micropoints) ? HttpStatusCode.OK : HttpStatusCode.Conflict).ToString();
            default:
                model.End(request, leavesTombstone: operation.Kind == "release");
                return null;
        }
    }

    private static async Task CopyAsync(BillingFixture from, BillingFixture to, string table)
    {
        await using var source = await from.Owner.OpenConnectionAsync();
        await using var target = await to.Owner.OpenConnectionAsync();
        using var reader = await source.BeginTextExportAsync($"copy (select * from {table}) to stdout");
        await using var writer = await target.BeginTextImportAsync($"copy {table} from stdin");
        await writer.WriteAsync(await reader.ReadToEndAsync());
    }

    private static async Task<List<string>> RowsAsync(BillingFixture ledger, string sql)
    {
        var rows = new List<string>();
        await using var command = ledger.Owner.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private static readonly string[] Recorded = ["price_versions", "prices", "ledger_accounts", "ledger_transactions", "ledger_entries", "holds", "settlements", "billing_events"];

    private const string Forget = "delete from ledger_accounts; delete from prices; delete from price_versions";

    // The figures that stand beside what was recorded have to follow from it.
    private const string Replay = """
        update ledger_accounts a set
            balance_micropoints = coalesce((select sum(amount_micropoints) from ledger_entries e where e.account_id = a.id), 0),
            held_micropoints = coalesce((select sum(granted_micropoints - settled_micropoints - released_micropoints) from holds h where h.account_id = a.id), 0),
            feed_sequence = (select count(*) from billing_events b where b.account_id = a.id),
            spend_micropoints = 0;
        insert into billing_event_queue (seq) select seq from billing_events
        """;

    private const string Standing = "select concat_ws(' ', id, kind, balance_micropoints, held_micropoints) from ledger_accounts order by id";

    private const string Totals = """
        select concat_ws(' ', account_id, count(*), sum(granted_micropoints), sum(settled_micropoints), sum(released_micropoints)) from holds group by account_id order by account_id
        """;
}
