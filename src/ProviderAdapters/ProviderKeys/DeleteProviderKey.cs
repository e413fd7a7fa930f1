using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>Forgets one of the caller's keys. Calls that run over it end by themselves; the next ones go over the platform's channels.</summary>
internal static class DeleteProviderKey
{
    public static void MapDeleteProviderKey(this IEndpointRouteBuilder routes) => routes.MapDelete("/{id:guid}", Handle);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, NpgsqlDataSource db, ProviderKeyDirectory directory, CancellationToken ct)
    {
        var delete = new NpgsqlBatchCommand(Delete) { Parameters = { ProviderKeyRow.Uuid(id), ProviderKeyRow.Uuid(accountId) } };
        await using var batch = db.CreateBatch();
        if (await ProviderKeyRow.ChangeAsync(batch, delete, accountId, ct) is null) return Problems.NotFound($"There is no provider key {id}.");

        await directory.ReloadAsync([accountId], ct);
        return TypedResults.NoContent();
    }

    private const string Delete = $"delete from provider_keys where id = $1 and account_id = $2 returning {ProviderKeyRow.Columns}";
}
