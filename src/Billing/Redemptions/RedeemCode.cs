using System.Text.Json.Serialization;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Billing.Redemptions;

/// <summary>A customer turns a code into points.</summary>
internal static class RedeemCode
{
    public static void MapRedeemCode(this IEndpointRouteBuilder routes) => routes.MapPost("/api/redemptions", Handle);

    private static async Task<IResult> Handle(
        RedeemCodeRequest body, [FromHeader(Name = CallHeaders.AccountId)] Guid accountId, CodeRedemption redemption, HttpResponse response, CancellationToken ct)
    {
        var result = await redemption.RedeemAsync(accountId, body.Code, ct);
        if (result.Outcome == RedemptionOutcome.TooManyFailures)
            response.Headers.RetryAfter = ((long)Math.Ceiling(result.Wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return result.Outcome switch
        {
            RedemptionOutcome.Redeemed => TypedResults.Ok(new { micropoints = result.Micropoints, balanceMicropoints = result.BalanceMicropoints }),
            RedemptionOutcome.Unknown => Problems.Of(StatusCodes.Status404NotFound, "unknown-code", "Not found", "There is no such code; compare it with what you were given, letter by letter."),
            RedemptionOutcome.AlreadyYours => Problems.Conflict("already-redeemed", "You have redeemed this code already; its points are in your account."),
            RedemptionOutcome.Used => Problems.Conflict("code-used", "Somebody has redeemed this code already; each works once."),
            RedemptionOutcome.Revoked => Gone("code-revoked", "This code was withdrawn; ask whoever gave it to you."),
            RedemptionOutcome.Expired => Gone("code-expired", "This code has expired; ask whoever gave it to you."),
            RedemptionOutcome.TooManyPoints => Problems.Conflict("too-many-points", "Your account cannot hold that many points; the code stays good."),
            RedemptionOutcome.AccountSealed => Problems.Of(StatusCodes.Status403Forbidden, "account-sealed", "Forbidden", "The points of this account are sealed; nothing can be redeemed until an appeal is won."),
            RedemptionOutcome.TooManyFailures => Problems.Of(
                StatusCodes.Status429TooManyRequests, "too-many-failures", "Too many codes that did not work", "Wait as long as Retry-After says, then compare the code with what you were given."),
            _ => throw new InvalidOperationException($"Unhandled outcome {result.Outcome}."),
        };
    }

    private static ProblemHttpResult Gone(string type, string detail) => Problems.Of(StatusCodes.Status410Gone, type, "Gone", detail);
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RedeemCodeRequest
{
    public required string Code { get; init; }
}
