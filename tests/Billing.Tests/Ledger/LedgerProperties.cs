using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Ledger;

/// <summary>Random lists of operations, duplicates and every order included, end as the model says, with every invariant after every step.</summary>
public sealed class LedgerProperties(BillingFixture billing)
{
    private const int Accounts = 2;
    private const int Requests = 6;

    [Fact]
    public async Task Any_order_of_holds_settlements_releases_and_expiries_ends_as_the_model_says()
    {
        var operations = Gen.ListOf(Operations()).Where(list => list.Count > 0);
        foreach (var (list, number) in Gen.Sample(operations, 20, 25).Select((list, i) => (list, i))) await CheckAsync([.. list], number);
    }

    private static Gen<Operation> Operations() =>
        from kind in Gen.Frequency((4, Gen.Constant("place")), (4, Gen.Constant("settle")), (2, Gen.Constant("release")), (1, Gen.Constant("expire")))
        from request in Gen.Choose(0, Requests - 1)
        from output in Gen.Choose(0, 200)
        from cause in Gen.Elements(EndCause.Completed, EndCause.OutputCut, EndCause.ProviderCut)
        select new Operation(kind, request, output, cause);

    private async Task CheckAsync(Operation[] operations, int number)
    {
        long[] opening = [2 * Point, 5 * Point];
        var accounts = await Task.WhenAll(opening.Select(billing.CustomerAsync));
        var requests = Enumerable.Range(0, Requests).Select(_ => Guid.CreateVersion7()).ToArray();
        var model = new LedgerModel(opening);

        for (var step = 0; step < operations.Length; step++)
        {
            var operation = operations[step];
            var account = operation.Request % Accounts;
            var hold = Hold(accounts[account], input: 100, output: 50, requestId: requests[operation.Request]);
            await ApplyAsync(operation, hold, model, account);

            var trace = $"case {number}, step {step}: {string.Join("; ", operations.Take(step + 1))}";
            for (var i = 0; i < Accounts; i++)
            {
                var stands = await billing.StandAsync(accounts[i]);
                Assert.True((model.Balances[i], model.Held(i)) == stands, $"expected {(model.Balances[i], model.Held(i))}, was {stands} after {trace}");
            }

            Assert.True(await ConservedAsync(accounts), $"entries and balances differ after {trace}");
        }
    }

    private async Task ApplyAsync(Operation operation, PlaceHold hold, LedgerModel model, int account)
    {
        switch (operation.Kind)
        {
            case "place":
                Assert.Equal(model.Place(hold.RequestId, account, hold.InputTokens, hold.MaxOutputTokens!.Value), await billing.PlaceAsync(hold));
                break;
            case "settle":
                model.Settle(hold.RequestId, 100, operation.Output, operation.Cause);
                await billing.Settlement.SubmitAsync(Usage(hold, 100, operation.Output, operation.Cause));
                break;
            case "release":
                model.Release(hold.RequestId, account);
                await billing.Release.SubmitAsync(new() { RequestId = hold.RequestId, AccountId = hold.AccountId, Reason = "test" }, CancellationToken.None);
                break;
            default:
                model.Expire(hold.RequestId);
                await ExecuteAsync("update holds set expires_at = ledger_now() - interval '1 second' where request_id = $1 and state = 'open'", hold.RequestId);
                await billing.Sweeper.SweepAsync(CancellationToken.None);
                break;
        }
    }

    /// <summary>B2 and B23 for these accounts: every balance is the sum of its entries, and every transaction of theirs sums to zero.</summary>
    private async Task<bool> ConservedAsync(Guid[] accounts)
    {
        await using var command = billing.Owner.CreateCommand("""
            select (select bool_and(a.balance_micropoints = (select coalesce(sum(amount_micropoints), 0) from ledger_entries e where e.account_id = a.id))
                    from ledger_accounts a where a.id = any($1))
                and (select coalesce(sum(e.amount_micropoints), 0) = 0 from ledger_entries e join ledger_transactions t on t.id = e.transaction_id where t.account_id = any($1))
            """);
        command.Parameters.Add(accounts.ToParameter(NpgsqlTypes.NpgsqlDbType.Uuid));
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql, Guid id)
    {
        await using var command = billing.Owner.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Operation(string Kind, int Request, int Output, EndCause Cause)
    {
        public override string ToString() => Kind == "settle" ? $"settle {Request} {Output} {Cause}" : $"{Kind} {Request}";
    }
}
