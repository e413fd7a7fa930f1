using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Billing.Redemptions;

/// <summary>A second person agrees to a large batch; anybody revokes what of a batch is not redeemed.</summary>
internal static class DecideBatches
{
    public static void MapDecideBatches(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/admin/redemption-codes/{batchId:guid}/approve", HandleApproval);
        routes.MapPost("/admin/redemption-codes/{batchId:guid}/revoke", HandleRevocation);
    }

    private static async Task<IResult> HandleApproval(Guid batchId, [FromHeader(Name = CallHeaders.Actor)] string actor, CodeBatches batches, BatchList list, CancellationToken ct) =>
        await AnswerAsync(await batches.ApproveAsync(batchId, actor, ct), batchId, list, ct);

    private static async Task<IResult> HandleRevocation(
        Guid batchId, RevokeBatchRequest body, [FromHeader(Name = CallHeaders.Actor)] string actor, CodeBatches batches, BatchList list, CancellationToken ct) => Reason.IsGood(body.Reason)
            ? await AnswerAsync(await batches.RevokeAsync(batchId, actor, body.Reason, ct), batchId, list, ct)
            : Problems.Invalid("reason", Reason.Fault);

    private static async Task<IResult> AnswerAsync(BatchOutcome outcome, Guid batchId, BatchList list, CancellationToken ct) => outcome switch
    {
        BatchOutcome.Done => TypedResults.Ok(await list.FindAsync(batchId, ct)),
        BatchOutcome.SamePerson => Problems.Of(
            StatusCodes.Status403Forbidden, "second-person", "A second person is needed", "Whoever made a batch cannot approve it; use another admin key."),
        BatchOutcome.Revoked => Problems.Conflict("revoked", "This batch was revoked; make a new one."),
        BatchOutcome.Unknown => Problems.NotFound("There is no such batch."),
        _ => throw new InvalidOperationException($"Unhandled outcome {outcome}."),
    };
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RevokeBatchRequest
{
    public required string Reason { get; init; }
}
