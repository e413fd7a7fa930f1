using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts.Billing;
using Aigc2d.ServiceDefaults.Http;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Holds;

/// <summary>Keeps the holds of running calls and of tasks that have not ended alive.</summary>
internal static class RenewHolds
{
    public static void MapRenewHolds(this IEndpointRouteBuilder routes) => routes.MapPost("/internal/holds/renew", Handle);

    private static async Task<IResult> Handle(RenewHoldsRequest body, NpgsqlDataSource db, CancellationToken ct)
    {
        if (body.RequestIds.Length > 10_000) return Problems.Invalid("requestIds", "must have at most 10,000 items.");

        await using var command = db.CreateCommand(Renew);
        command.Parameters.Add(body.RequestIds.ToParameter(NpgsqlDbType.Uuid));
        command.Parameters.Add(new() { Value = HoldPlacement.Life });
        command.Parameters.Add(new() { Value = HoldPlacement.TaskLife });
        return TypedResults.Ok(new RenewHoldsResponse { Renewed = await command.ExecuteNonQueryAsync(ct) });
    }

    // A hold that somebody else has locked is being settled or released right now: it needs no renewal, and waiting for it could deadlock.
    private const string Renew = """
        update holds set expires_at = ledger_now() + case when quantities ?| '{taskAction,diffusion}' then $3 else $2 end
        where request_id in (select request_id from holds where request_id = any($1) and state = 'open' for update skip locked)
        """;
}
