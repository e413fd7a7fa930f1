using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Accounts.Keys;

/// <summary>Lists the keys of the caller's account that are not revoked, without the keys.</summary>
internal static class ListKeys
{
    public static void MapListKeys(this IEndpointRouteBuilder routes) => routes.MapGet("/api/keys", Handle);

    private static async Task<IResult> Handle([FromHeader(Name = CallHeaders.AccountId)] Guid accountId, KeyTable keys, CancellationToken ct, int? limit = null, string? after = null)
    {
        if (Paging.TryRead(limit, after, out var paging) is { } problem) return problem;
        return TypedResults.Ok(paging.Page(await keys.ListAsync(accountId, paging.After, paging.Limit + 1, ct), key => key.Id));
    }
}
