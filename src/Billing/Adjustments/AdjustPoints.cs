using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Aigc2d.Billing.Adjustments;

/// <summary>A person adds or removes points. Above the limit the points wait for a second person.</summary>
internal static class AdjustPoints
{
    public static void MapAdjustPoints(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/admin/accounts/{accountId:guid}/points", Handle);
        routes.MapPost("/admin/adjustments/{adjustmentId:guid}/approve", HandleApproval);
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
        if (string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > 500) return Problems.Invalid("reason", "must have 1 to 500 characters: who reads the ledger wants to know why.");
        if (idempotencyKey is { Length: 0 or > 255 }) return Problems.Invalid("Idempotency-Key", "must have 1 to 255 characters.");

        var needsApproval = Math.Abs(body.Micropoints) > options.Value.GrantLimitMicropoints;
        var adjustment = await ledger.RequestAsync(new(accountId, body.Micropoints, body.Reason, actor, idempotencyKey), needsApproval, ct);
        return Answer(adjustment);
    }

    private static async Task<IResult> HandleApproval(Guid adjustmentId, [FromHeader(Name = CallHeaders.Actor)] string actor, AdjustmentLedger ledger, CancellationToken ct) =>
        Answer(await ledger.ApproveAsync(adjustmentId, actor, ct));

    private static IResult Answer(AdjustmentResult result) => result switch
    {
        { Outcome: AdjustmentOutcome.Posted } => TypedResults.Ok(new { transactionId = result.Id, state = "posted", balanceMicropoints = result.BalanceMicropoints }),
        { Outcome: AdjustmentOutcome.Pending } => TypedResults.Json(new { transactionId = result.Id, state = "pending" }, statusCode: StatusCodes.Status202Accepted),
        { Outcome: AdjustmentOutcome.WouldOverdraw } => Problems.Conflict(
            "insufficient-points", $"The account has only {result.BalanceMicropoints} micropoints that are not held; a debit never goes below zero."),
        { Outcome: AdjustmentOutcome.KeyReused } => Problems.Conflict("idempotency-conflict", "This Idempotency-Key was used for another adjustment; use a new key."),
        { Outcome: AdjustmentOutcome.SamePerson } => Problems.Of(
            StatusCodes.Status403Forbidden, "second-person", "A second person is needed", "Whoever requested an adjustment cannot approve it; use another admin key."),
        { Outcome: AdjustmentOutcome.Refused } => Problems.Conflict("refused", "This adjustment was refused because it would have overdrawn the account."),
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
