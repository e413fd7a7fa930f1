using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Accounts.Keys;

/// <summary>Revokes a key of the caller's account. The key is dead when the answer comes; repeating it answers the same.</summary>
internal static class RevokeKey
{
    public static void MapRevokeKey(this IEndpointRouteBuilder routes) => routes.MapDelete("/api/keys/{id:guid}", Handle);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, KeyTable keys, CancellationToken ct) =>
        await keys.RevokeAsync(accountId, id, ct) ? TypedResults.NoContent() : Problems.NotFound($"There is no key {id}.");
}
