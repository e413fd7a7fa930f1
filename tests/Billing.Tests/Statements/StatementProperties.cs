using Aigc2d.Contracts.Providers;
using FsCheck;
using FsCheck.Fluent;
using static Aigc2d.Billing.Tests.BillingFixture;
using static Aigc2d.Billing.Tests.Statements.PastMonths;

namespace Aigc2d.Billing.Tests.Statements;

/// <summary>Random movements over four months: statements are continuous, add up, and say what the entries say.</summary>
public sealed class StatementProperties(BillingFixture billing)
{
    private const int Months = 4;

    [Fact]
    public async Task Statements_are_continuous_and_equal_to_the_entries()
    {
        await using var past = await PastMonths.StartAsync(billing);
        var histories = Gen.Sample(Gen.ListOf(Movements()), 12, 12).Select(list => list.OrderByDescending(m => m.MonthsAgo).ToList()).ToList();
        var accounts = new List<Guid>();
        foreach (var history in histories)
        {
            var account = await past.CustomerAsync(100 * Point, StartOf(Months - 1));
            foreach (var movement in history) await ApplyAsync(past, account, movement);
            accounts.Add(account);
        }

        await past.Closing.CloseDueAsync(CancellationToken.None);
        for (var i = 0; i < accounts.Count; i++) await CheckAsync(past, accounts[i], string.Join("; ", histories[i]));
    }

    private static Gen<Movement> Movements() =>
        from kind in Gen.Elements("credit", "debit", "charge", "free")
        from ago in Gen.Choose(0, Months - 1)
        from points in Gen.Choose(1, 5)
        select new Movement(kind, ago, points);

    private static async Task ApplyAsync(PastMonths past, Guid account, Movement movement)
    {
        var at = StartOf(movement.MonthsAgo);
        switch (movement.Kind)
        {
            case "credit":
                await past.AdjustAsync(account, movement.Points * Point, at);
                break;
            case "debit":
                await past.AdjustAsync(account, -movement.Points * Point, at);
                break;
            default:
                await past.CallAsync(account, at, movement.Kind == "charge" ? EndCause.Completed : EndCause.ProviderCut);
                break;
        }
    }

    private static async Task CheckAsync(PastMonths past, Guid account, string history)
    {
        var balance = 0L;
        for (var ago = Months - 1; ago >= 0; ago--)
        {
            var statement = await past.GetAsync($"/api/statements/{NameOf(ago)}", account);
            long Of(string name) => statement.GetProperty(name).GetInt64();
            var moved = statement.GetProperty("movements").EnumerateArray().Sum(line => line.GetProperty("amountMicropoints").GetInt64());
            var charged = statement.GetProperty("charges").EnumerateArray().Sum(line => line.GetProperty("amountMicropoints").GetInt64());
            var posted = await past.ScalarAsync<decimal>(Posted, account, StartOf(ago), StartOf(ago - 1), "%");
            var chargesPosted = await past.ScalarAsync<decimal>(Posted, account, StartOf(ago), StartOf(ago - 1), "charge");

            Assert.True(
                (balance, balance + moved, posted, chargesPosted) == (Of("openingBalanceMicropoints"), Of("closingBalanceMicropoints"), moved, charged),
                $"{statement} after {history}");
            balance += moved;
        }

        Assert.Equal(await past.BalanceOfAsync(account), balance);
    }

    private const string Posted = """
        select coalesce(sum(e.amount_micropoints), 0) from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where e.account_id = $1 and t.posted_at >= $2 and t.posted_at < $3 and t.rule like $4
        """;

    private sealed record Movement(string Kind, int MonthsAgo, int Points);
}
