using Aigc2d.ServiceDefaults.Http;
using Npgsql;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>Shows forfeitures, with the last reversal that was asked for.</summary>
internal static class ListForfeitures
{
    private static readonly string[] States = ["ordered", "sealed", "posted", "reversed"];

    public static void MapListForfeitures(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/forfeitures", Handle);
        routes.MapGet("/admin/forfeitures/{id:guid}", HandleOne);
    }

    private static async Task<IResult> Handle(NpgsqlDataSource db, CancellationToken ct, string? state = null, int? limit = null, string? after = null)
    {
        if (state is not null && !States.Contains(state, StringComparer.Ordinal)) return Problems.Invalid("state", $"must be one of {string.Join(", ", States)}.");
        if (Paging.TryRead(limit, after, out var paging) is { } problem) return problem;
        return TypedResults.Ok(paging.Page(await ReadAsync(db, Forfeiture.Page(state, paging.After, paging.Limit + 1), ct), forfeiture => forfeiture.Id));
    }

    private static async Task<IResult> HandleOne(Guid id, NpgsqlDataSource db, CancellationToken ct) =>
        await ReadAsync(db, Forfeiture.ById(id), ct) is [var forfeiture] ? TypedResults.Ok(forfeiture) : Problems.NotFound("There is no such forfeiture.");

    private static async Task<List<Forfeiture>> ReadAsync(NpgsqlDataSource db, NpgsqlBatchCommand query, CancellationToken ct)
    {
        var forfeitures = new List<Forfeiture>();
        await using var batch = db.CreateBatch();
        batch.BatchCommands.Add(query);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) forfeitures.Add(Forfeiture.Of(reader));
        return forfeitures;
    }
}
