using Aigc2d.Contracts.Billing;
using Aigc2d.TestKit;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Prices;

/// <summary>Operators who change prices at the same time.</summary>
public sealed class PriceVersionTests(BillingFixture billing)
{
    [Fact]
    public async Task A_price_whose_version_commits_late_is_known_all_the_same()
    {
        var account = await billing.CustomerAsync(1_000_000_000);
        var (late, early) = ($"late-{Guid.CreateVersion7()}", $"early-{Guid.CreateVersion7()}");
        await using var connection = new NpgsqlConnection(billing.Database);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(LatePrice, connection, transaction) { Parameters = { new() { Value = late } } };
        await insert.ExecuteNonQueryAsync();

        var putting = billing.PutPriceAsync(early, 6_000_000, 8_000_000);
        await Eventually.True(async () => putting.IsCompleted || await billing.CountAsync(Waiting) > 0);
        await transaction.CommitAsync();
        await putting;

        Assert.Equal(HoldOutcome.Placed, await billing.PlaceAsync(Hold(account, model: early)));
        Assert.Equal(HoldOutcome.Placed, await billing.PlaceAsync(Hold(account, model: late)));
    }

    private const string Waiting = "select count(*) from pg_locks where locktype = 'advisory' and objid = 7022 and not granted";

    // The same turn and the same order as a change of prices; only its commit comes later.
    private const string LatePrice = """
        with turn as (select pg_advisory_xact_lock(7022)), version as (insert into price_versions (actor) select 'operator' from turn returning version)
        insert into prices (version, model, effective_from, input_micropoints_per_1k, output_micropoints_per_1k, context_tokens, max_output_tokens)
        select version, $1, ledger_now(), 6000000, 8000000, 4096, 4096 from version
        """;
}
