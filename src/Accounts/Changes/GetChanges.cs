using Aigc2d.Contracts.Accounts;
using Npgsql;

namespace Aigc2d.Accounts.Changes;

/// <summary>The counter by which gateways notice changes whose event they missed.</summary>
internal static class GetChanges
{
    public static void MapGetChanges(this IEndpointRouteBuilder routes) => routes.MapGet("/internal/changes", Handle);

    private static async Task<ChangesResponse> Handle(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var command = db.CreateCommand("select value from change_counter");
        return new() { Counter = (long)(await command.ExecuteScalarAsync(ct))! };
    }
}
