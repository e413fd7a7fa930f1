using Aigc2d.Contracts.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Aigc2d.Accounts.Changes;

/// <summary>The counter that tells gateways whether anything they cached may have changed, should an announcement have been lost.</summary>
internal static class GetChanges
{
    public static void MapGetChanges(this IEndpointRouteBuilder routes) => routes.MapGet("/internal/changes", Handle);

    private static async Task<Ok<ChangesResponse>> Handle(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand("select counter from changes");
        return TypedResults.Ok(new ChangesResponse { Counter = (long)(await command.ExecuteScalarAsync(ct))! });
    }
}
