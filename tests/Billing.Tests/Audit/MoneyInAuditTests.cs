using Aigc2d.Billing.Audit;
using Aigc2d.Billing.Tests.Redemptions;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Audit;

/// <summary>Damage to codes, forfeitures and adjustments is found; it is done around all triggers in a transaction that is rolled back.</summary>
public sealed class MoneyInAuditTests(MoneyInAuditTests.OwnLedger own) : IClassFixture<MoneyInAuditTests.OwnLedger>
{
    private readonly BillingFixture _billing = own.Billing;

    [Theory]
    [InlineData("B15", "update forfeitures set micropoints = micropoints - 1 where account_id = $1")]
    [InlineData("B17", "update redemption_codes set redeemed_by = null, redeemed_at = null where redeemed_by = $1")]
    [InlineData("B17", "update redemption_codes set redeemed_by = gen_random_uuid() where redeemed_by = $1")]
    [InlineData("B17", "update redemption_batches set micropoints = micropoints + 1 where id = (select batch_id from redemption_codes where redeemed_by = $1)")]
    [InlineData("B17", "update redemption_batches set state = 'pending' where id = (select batch_id from redemption_codes where redeemed_by = $1)")]
    [InlineData("B17", "delete from billing_event_positions; delete from billing_event_queue; delete from billing_events where account_id = $1 and type = 'billing.recharge.posted.v1'")]
    [InlineData("B17", "update redemption_codes set redeemed_by = $1, redeemed_at = ledger_now() where id = (select id from redemption_codes where redeemed_by is null and revoked_at is null limit 1)")]
    [InlineData("B18", "update forfeitures set micropoints = micropoints - 1 where account_id = $1")]
    [InlineData("B18", "update ledger_accounts set balance_micropoints = balance_micropoints + 1 where kind = 'sealed'")]
    [InlineData("B18", "update ledger_accounts set balance_micropoints = balance_micropoints + 1 where kind = 'forfeited'")]
    [InlineData("B18", "update forfeitures set state = 'posted', posted_at = appeal_until, posted_by = 'x' where account_id = $1 and state = 'sealed'")]
    [InlineData("B18", "update ledger_accounts set sealed_at = null where id = $1")]
    [InlineData("B18", "update ledger_transactions set rule = 'adjustment' where account_id = $1 and rule = 'forfeiture_sealed'")]
    [InlineData("B18", "update ledger_entries set balance_after_micropoints = 1 where account_id = $1 and transaction_id in (select id from ledger_transactions where account_id = $1 and rule = 'forfeiture_sealed')")]
    [InlineData("B18", "update holds set state = 'open', closed_at = null, settled_micropoints = 0, released_micropoints = 0 where account_id = $1")]
    [InlineData("B18", "update ledger_entries set seq = default where account_id = $1 and transaction_id = (select id from ledger_transactions where account_id = $1 and rule = 'charge')")]
    [InlineData("B18", "alter table forfeiture_reversals drop constraint forfeiture_reversals_check2; update forfeiture_reversals set requested_by = decided_by where forfeiture_id in (select id from forfeitures where state = 'reversed')")]
    [InlineData("B25", "alter table adjustments drop constraint adjustments_above_the_limit_have_two_people; update adjustments set limit_micropoints = 1 where account_id = $1")]
    public async Task Damage_is_found(string invariant, string damage)
    {
        var account = await PunishedAsync();
        await using var connection = await _billing.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var statement in (string[])["set local session_replication_role = replica", .. damage.Split("; ")])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            if (statement.Contains("$1", StringComparison.Ordinal)) command.Parameters.Add(new() { Value = account });
            await command.ExecuteNonQueryAsync();
        }

        var found = await RunAudit.ViolationsAsync(connection, AuditChecks.All.Single(check => check.Invariant == invariant).Sql);
        await transaction.RollbackAsync();

        Assert.NotEmpty(found);
    }

    /// <summary>An account that redeemed a code, called once, was reversed once and is sealed now.</summary>
    private async Task<Guid> PunishedAsync()
    {
        var account = await _billing.CustomerAsync(10 * Point);
        var (_, codes) = await _billing.CodesAsync(2);
        await _billing.RedeemAsync(account, codes[0]);
        var hold = Hold(account);
        await _billing.PlaceAsync(hold);
        await _billing.Settlement.SubmitAsync(Usage(hold, 11, 9));
        await _billing.SealAsync(account);
        var reversed = await FirstOfAsync(account);
        await _billing.AskAsync(HttpMethod.Post, $"/admin/forfeitures/{reversed}/reverse", new { appealId = Guid.CreateVersion7(), reason = "appeal won" });
        await _billing.AskAsync(HttpMethod.Post, $"/admin/forfeitures/{reversed}/reverse/approve", actor: "bob");
        await _billing.SealAsync(account);
        return account;
    }

    private async Task<Guid> FirstOfAsync(Guid account)
    {
        await using var command = _billing.Owner.CreateCommand("select id from forfeitures where account_id = $1");
        command.Parameters.Add(new() { Value = account });
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A ledger that no other test waits for: the damage locks rows and tables that everybody uses.</summary>
    public sealed class OwnLedger(BillingFixture shared) : IAsyncLifetime
    {
        public BillingFixture Billing { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Billing = await shared.AnotherAsync();

        public ValueTask DisposeAsync() => Billing.DisposeAsync();
    }
}
