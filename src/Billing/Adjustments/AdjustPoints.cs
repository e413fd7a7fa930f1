using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Aigc2d.Billing.Adjustments;

/// <summary>A person adds or removes points. Above the limit the points wait for a second person, who agrees or refuses.</summary>
internal static class AdjustPoints
{
    public static void MapAdjustPoints(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/admin/accounts/{accountId:guid}/points", Handle);
        routes.MapPost("/admin/adjustments/{adjustmentId:guid}/approve", HandleApproval);
        routes.MapPost("/admin/adjustments/{adjustmentId:guid}/refuse", HandleRefusal);
    }

    private static async Task<IResult> Handle(
        Guid accountId,
        AdjustPointsRequest body,
        [FromHeader(Name = CallHeaders.Actor)] string actor,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        AdjustmentLedger ledger,
        IOptions<BillingOptions> options,
        CancellationToken ct)
    {
        if (body.Micropoints == 0 || Math.Abs((decimal)body.Micropoints) > Micropoints.Max)
            return Problems.Invalid("micropoints", $"must be an integer between -{Micropoints.Max} and {Micropoints.Max}, not 0.");
        if (!Reason.IsGood(body.Reason)) return Problems.Invalid("reason", Reason.Fault);
        if (idempotencyKey is { Length: 0 or > 255 }) return Problems.Invalid("Idempotency-Key", "must have 1 to 255 characters.");

        return Answer(await ledger.RequestAsync(new(accountId, body.Micropoints, body.Reason, actor, idempotencyKey, options.Value.GrantLimitMicropoints), ct));
    }

    private static async Task<IResult> HandleApproval(Guid adjustmentId, [FromHeader(Name = CallHeaders.Actor)] string actor, AdjustmentLedger ledger, CancellationToken ct) =>
        Answer(await ledger.ApproveAsync(adjustmentId, actor, ct));

    private static async Task<IResult> HandleRefusal(
        Guid adjustmentId, RefuseAdjustmentRequest body, [FromHeader(Name = CallHeaders.Actor)] string actor, AdjustmentLedger ledger, CancellationToken ct)
    {
        if (!Reason.IsGood(body.Reason)) return Problems.Invalid("reason", Reason.Fault);

        var result = await ledger.RefuseAsync(adjustmentId, actor, body.Reason, ct);
        return result.Outcome == AdjustmentOutcome.Refused ? TypedResults.Ok(new { transactionId = adjustmentId, state = "refused" }) : Answer(result);
    }

    private static IResult Answer(AdjustmentResult result) => result switch
    {
        { Outcome: AdjustmentOutcome.Posted } => TypedResults.Ok(new { transactionId = result.Id, state = "posted", balanceMicropoints = result.BalanceMicropoints }),
        { Outcome: AdjustmentOutcome.Pending } => TypedResults.Json(new { transactionId = result.Id, state = "pending" }, statusCode: StatusCodes.Status202Accepted),
        { Outcome: AdjustmentOutcome.WouldOverdraw } => Problems.Conflict(
            "insufficient-points", $"The account has only {result.BalanceMicropoints} micropoints that are not held; a debit never goes below zero."),
        { Outcome: AdjustmentOutcome.TooManyPoints } => Problems.Conflict("too-many-points", $"No balance may exceed {Micropoints.Max} micropoints."),
        { Outcome: AdjustmentOutcome.AccountSealed } => Problems.Conflict("account-sealed", "The points of this account are sealed; reverse the forfeiture first."),
        { Outcome: AdjustmentOutcome.KeyReused } => Problems.Conflict("idempotency-conflict", "This Idempotency-Key was used for another adjustment; use a new key."),
        { Outcome: AdjustmentOutcome.SamePerson } => Problems.Of(
            StatusCodes.Status403Forbidden, "second-person", "A second person is needed", "Whoever requested an adjustment cannot approve it; use another admin key."),
        { Outcome: AdjustmentOutcome.Refused } => Problems.Conflict("refused", "This adjustment was refused; request a new one."),
        { Outcome: AdjustmentOutcome.AlreadyPosted } => Problems.Conflict("posted", "This adjustment is posted; take it back with an adjustment of the opposite amount."),
        { Outcome: AdjustmentOutcome.Unknown } => Problems.NotFound("There is no such adjustment."),
        _ => throw new InvalidOperationException($"Unhandled outcome {result.Outcome}."),
    };
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AdjustPointsRequest
{
    /// <summary>Points to add, or to remove when negative.</summary>
    public required long Micropoints { get; init; }

    public required string Reason { get; init; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RefuseAdjustmentRequest
{
    public required string Reason { get; init; }
}
