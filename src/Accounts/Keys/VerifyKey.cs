using Aigc2d.Contracts.Accounts;
using Aigc2d.ServiceDefaults.Batching;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Aigc2d.Accounts.Keys;

/// <summary>Resolves a presented key to its principal.</summary>
internal static class VerifyKey
{
    public static void MapVerifyKey(this IEndpointRouteBuilder routes) => routes.MapPost("/internal/keys/verify", Handle);

    private static async Task<Results<Ok<VerifyKeyResponse>, StatusCodeHttpResult>> Handle(VerifyKeyRequest body, KeyLookUp keys, CancellationToken ct)
    {
        try
        {
            return TypedResults.Ok(new VerifyKeyResponse { Principal = await keys.FindAsync(body.Key, ct) });
        }
        catch (BatcherOverloadedException)
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
