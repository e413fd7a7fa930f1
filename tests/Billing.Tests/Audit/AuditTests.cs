using Aigc2d.Billing.Audit;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Audit;

/// <summary>Each check finds what it is for: the damage is done in a transaction that is rolled back.</summary>
public sealed class AuditTests(BillingFixture billing)
{
    [Theory]
    [InlineData("B1", "insert into ledger_entries (transaction_id, account_id, amount_micropoints, balance_after_micropoints) select (select id from ledger_transactions where account_id = $1 limit 1), '00000000-0000-0000-0000-000000000002', 1, 1")]
    [InlineData("B1", "insert into ledger_entries (transaction_id, account_id, amount_micropoints, balance_after_micropoints) values ('01900000-0000-7000-8000-000000000000', $1, 1, 1)")]
    [InlineData("B2", "insert into ledger_entries (transaction_id, account_id, amount_micropoints, balance_after_micropoints) values ('01900000-0000-7000-8000-000000000000', '01900000-0000-7000-8000-000000000000', 1, 1)")]
    [InlineData("B2", "update ledger_transactions set account_id = '01900000-0000-7000-8000-000000000000' where account_id = $1")]
    [InlineData("B2", "update ledger_accounts set balance_micropoints = balance_micropoints + 1 where id = $1")]
    [InlineData("B3", "update ledger_accounts set held_micropoints = held_micropoints + 1 where id = $1")]
    [InlineData("B4", "update ledger_accounts set held_micropoints = 1000000000 where id = $1")]
    [InlineData("B6", "update holds set expires_at = ledger_now() - interval '61 seconds' where account_id = $1 and state = 'open'; update sweeper set reclaims_from = 'epoch'")]
    [InlineData("B7", "update settlements set charged_micropoints = charged_micropoints - 1 where account_id = $1")]
    [InlineData("B8", "update settlements set rule = 'late' where account_id = $1")]
    [InlineData("B9", "update settlements set price_micropoints = price_micropoints + 1 where account_id = $1")]
    [InlineData("B9", "update settlements set quantities = '{\"milliseconds\": 1, \"images\": 1, \"imageSize\": \"1x1\", \"reasoningTokens\": 1}' where account_id = $1; update prices set rates = '{\"reasoningMicropointsPer1k\": 80000000}' where version = (select price_version from settlements where account_id = $1)")]
    [InlineData("B9", "update settlements set price_version = price_version + 1 where account_id = $1")]
    [InlineData("B9", "update holds set granted_micropoints = granted_micropoints - 1 where account_id = $1 and state = 'open'")]
    [InlineData("B9", "update settlements set own_key_fee_ppm = 100000 where account_id = $1")]
    [InlineData("B9", "update settlements set own_key_fee_ppm = 50000, price_micropoints = 10000, charged_micropoints = 10000 where account_id = $1")]
    [InlineData("B11", "update settlements set end_cause = 'provider_error' where account_id = $1")]
    [InlineData("B12", "update settlements set estimated = true, charged_micropoints = 2000000, price_micropoints = 2000000 where account_id = $1")]
    [InlineData("B13", "update settlements set rule = 'shortfall', charged_micropoints = 2000000, price_micropoints = 2000000 where account_id = $1")]
    [InlineData("B12", "update settlements set estimated = true, own_key_fee_ppm = 100000, charged_micropoints = 100001 where account_id = $1")]
    [InlineData("B13", "update settlements set own_key_fee_ppm = 100000, charged_micropoints = 125001 where account_id = $1")]
    [InlineData("B14", "alter table holds disable trigger holds_end_once; update holds set quantities = '{\"taskAction\": \"imagine\"}' where account_id = $1")]
    [InlineData("B14", "alter table holds disable trigger holds_end_once; update holds set quantities = '{\"diffusion\": {}}' where account_id = $1; update settlements set rule = 'free', price_micropoints = 0, charged_micropoints = 0 where account_id = $1")]
    [InlineData("B15", "update ledger_accounts set balance_micropoints = balance_micropoints - 1 where id = $1")]
    [InlineData("B19", "update ledger_accounts set feed_sequence = feed_sequence + 1 where id = $1")]
    [InlineData("B19", "delete from billing_event_queue; delete from billing_event_positions")]
    [InlineData("B20", "update billing_events set data = data || '{\"amountMicropoints\": -1}' where account_id = $1 and account_sequence = 2")]
    [InlineData("B21", "update ledger_entries set balance_after_micropoints = 7 where account_id = $1")]
    [InlineData("B22", "grant update on ledger_entries to billing_app")]
    [InlineData("B23", "update ledger_accounts set balance_micropoints = balance_micropoints + 1 where id = $1")]
    [InlineData("B26", "update movement_days set debits = debits + 1 where account_id = $1")]
    [InlineData("B26", "update usage_days set output_tokens = output_tokens - 1 where account_id = $1")]
    [InlineData("B26", "update channel_days set input_tokens = input_tokens + 1 where channel_id in (select channel_id from settlements where account_id = $1)")]
    [InlineData("B26", "update settlements set own_key_fee_ppm = 100000 where account_id = $1")]
    [InlineData("B27", "insert into statements (month, account_id, opening_balance_micropoints, closing_balance_micropoints, movements, charges) values ('2020-01-01', $1, 0, 0, '[]', '[]')")]
    public async Task A_damaged_ledger_is_found(string invariant, string damage)
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 11, 9));
        var open = Hold(account);
        await billing.PlaceAsync(open);

        await using var connection = await billing.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var statement in damage.Split("; "))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            if (statement.Contains("$1", StringComparison.Ordinal)) command.Parameters.Add(new() { Value = account });
            await command.ExecuteNonQueryAsync();
        }

        var found = await RunAudit.ViolationsAsync(connection, AuditChecks.All.Single(check => check.Invariant == invariant).Sql);
        await transaction.RollbackAsync();

        Assert.NotEmpty(found);
        await billing.Release.SubmitAsync(new() { RequestId = open.RequestId, AccountId = account, Reason = "test" }, CancellationToken.None);
    }

    [Fact]
    public async Task The_services_own_role_cannot_rewrite_what_happened()
    {
        foreach (var table in new[] { "ledger_entries", "ledger_transactions", "settlements", "billing_events", "prices" })
        {
            await using var command = billing.App.CreateCommand($"delete from {table}");
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        }
    }

    [Fact]
    public async Task A_closed_hold_cannot_be_opened_again_by_anybody()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        await billing.Settlement.SubmitAsync(Usage(hold, 11, 9));

        await using var command = billing.Owner.CreateCommand("update holds set state = 'open', closed_at = null, settled_micropoints = 0, released_micropoints = 0 where request_id = $1");
        command.Parameters.Add(new() { Value = hold.RequestId });
        Assert.Equal(PostgresErrorCodes.IntegrityConstraintViolation, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
    }
}
