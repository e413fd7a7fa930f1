using System.Net.Http.Json;
using Aigc2d.Contracts.Billing;
using Npgsql;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Holds;

public sealed class ExpiryTests(BillingFixture billing)
{
    [Fact]
    public async Task A_hold_that_nobody_renewed_expires_and_gives_its_points_back()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        await LapseAsync(hold);

        await billing.Sweeper.SweepAsync(CancellationToken.None);

        Assert.Equal((10 * Point, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_renewed_hold_lives_ninety_seconds_more_and_a_closed_one_stays_closed()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var running = Hold(account);
        var settled = Hold(account);
        await billing.Placement.PlaceAsync([running, settled]);
        await billing.Settlement.SubmitAsync(Usage(settled, 11, 9));
        await LapseAsync(running, "30 seconds");

        using var response = await billing.Client.PostAsJsonAsync(
            new Uri("/internal/holds/renew", UriKind.Relative), new RenewHoldsRequest { RequestIds = [running.RequestId, settled.RequestId, Guid.CreateVersion7()] });

        Assert.Equal(1, (await response.Content.ReadFromJsonAsync<RenewHoldsResponse>())!.Renewed);
        await using var command = billing.Owner.CreateCommand("select expires_at - ledger_now() from holds where request_id = $1");
        command.Parameters.Add(new() { Value = running.RequestId });
        Assert.InRange((TimeSpan)(await command.ExecuteScalarAsync())!, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Usage_that_comes_after_its_hold_expired_is_still_charged_from_available_points()
    {
        var account = await billing.CustomerAsync(10 * Point);
        var hold = Hold(account);
        await billing.PlaceAsync(hold);
        await LapseAsync(hold);
        await billing.Sweeper.SweepAsync(CancellationToken.None);

        var charge = await billing.Settlement.SubmitAsync(Usage(hold, 11, 9));

        Assert.Equal(new("late", 138_000, 138_000), charge);
        Assert.Equal((10 * Point - 138_000, 0), await billing.StandAsync(account));
    }

    [Fact]
    public async Task A_late_charge_never_takes_what_is_held_for_others_or_what_is_not_there()
    {
        var account = await billing.CustomerAsync(1 * Point + 20_000);
        var late = Hold(account);
        await billing.PlaceAsync(late);
        await LapseAsync(late);
        await billing.Sweeper.SweepAsync(CancellationToken.None);
        await billing.PlaceAsync(Hold(account));

        var charge = await billing.Settlement.SubmitAsync(Usage(late, 100, 50));

        Assert.Equal(new("late", 1 * Point, 20_000), charge);
        Assert.Equal((1 * Point, 1 * Point), await billing.StandAsync(account));
    }

    [Fact]
    public async Task The_clock_of_a_real_database_cannot_be_moved()
    {
        await using var connection = await billing.App.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("set aigc2d.clock_offset = '1 day'; select ledger_now() - now()", connection);
        Assert.Equal(TimeSpan.Zero, (TimeSpan)(await command.ExecuteScalarAsync())!);

        await using var mark = new NpgsqlCommand("insert into test_databases default values", connection);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => mark.ExecuteNonQueryAsync())).SqlState);
    }

    private async Task LapseAsync(PlaceHold hold, string remaining = "-1 seconds")
    {
        await using var command = billing.Owner.CreateCommand("update holds set expires_at = ledger_now() + $2::interval where request_id = $1");
        command.Parameters.Add(new() { Value = hold.RequestId });
        command.Parameters.Add(new() { Value = remaining });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
