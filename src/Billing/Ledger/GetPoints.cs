using Aigc2d.Contracts.Billing;
using Npgsql;

namespace Aigc2d.Billing.Ledger;

/// <summary>An account's balance, what of it is held, what is left, and what a ban has sealed.</summary>
internal static class GetPoints
{
    public static void MapGetPoints(this IEndpointRouteBuilder routes) => routes.MapGet("/internal/accounts/{accountId:guid}/points", Handle);

    private static async Task<PointsResponse> Handle(Guid accountId, NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Select);
        command.Parameters.Add(new() { Value = accountId });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (balance, held, taken) = await reader.ReadAsync(ct) ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : (0, 0, 0);
        return new() { BalanceMicropoints = balance, HeldMicropoints = held, AvailableMicropoints = balance - held, SealedMicropoints = taken };
    }

    private const string Select = """
        select balance_micropoints, held_micropoints, (select coalesce(sum(micropoints), 0)::bigint from forfeitures where account_id = $1 and state = 'sealed')
        from ledger_accounts where id = $1 and kind = 'customer'
        """;
}
