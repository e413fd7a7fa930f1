using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Accounts.Keys;

/// <summary>Creates a key for the caller's account. The answer is the only place where the key is ever shown.</summary>
internal static class CreateKey
{
    public static void MapCreateKey(this IEndpointRouteBuilder routes) => routes.MapPost("/api/keys", Handle);

    private static async Task<IResult> Handle(
        CreateKeyRequest body, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, KeyTable keys, TimeProvider time, CancellationToken ct)
    {
        if (body.Errors(time.GetUtcNow()) is { Count: > 0 } errors) return Problems.Invalid(errors);
        if (await keys.CreateAsync(accountId, body, ct) is not { } created)
            return Problems.Conflict("too-many-keys", "The account has 100 keys already. Revoke one that is no longer used.");

        var row = created.Row;
        return TypedResults.Created(
            $"/api/keys/{row.Id}",
            new { row.Id, row.Name, created.Key.Key, row.Last4, row.Scopes, row.Models, row.IpRanges, row.ExpiresAt, row.MicropointsPerDay, row.CreatedAt });
    }
}
