using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>The keys of the caller's account, oldest first, without the credentials.</summary>
internal static class ListProviderKeys
{
    public static void MapListProviderKeys(this IEndpointRouteBuilder routes) => routes.MapGet("", Handle);

    private static async Task<IResult> Handle([FromHeader(Name = CallHeaders.AccountId)] Guid accountId, NpgsqlDataSource db, CancellationToken ct, int? limit = null, string? after = null)
    {
        if (Paging.TryRead(limit, after, out var paging) is { } problem) return problem;

        var items = new List<ProviderKeyResponse>();
        await using var command = db.CreateCommand(Select);
        command.Parameters.Add(ProviderKeyRow.Uuid(accountId));
        command.Parameters.Add(ProviderKeyRow.Uuid(paging.After));
        command.Parameters.Add(new() { Value = paging.Limit + 1, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) items.Add(ProviderKeyRow.Read(reader));
        return TypedResults.Ok(paging.Page(items, key => key.Id));
    }

    private const string Select = $"select {ProviderKeyRow.Columns} from provider_keys where account_id = $1 and id > $2 order by id limit $3";
}
