using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>An appeal was denied: the points are posted at once. Or it was won: one person asks for the reversal, another one approves or refuses it.</summary>
internal static class DecideForfeiture
{
    public static void MapDecideForfeiture(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/admin/forfeitures/{id:guid}/post", HandlePost);
        routes.MapPost("/admin/forfeitures/{id:guid}/reverse", HandleReversal);
        routes.MapPost("/admin/forfeitures/{id:guid}/reverse/approve", HandleApproval);
        routes.MapPost("/admin/forfeitures/{id:guid}/reverse/refuse", HandleRefusal);
    }

    private static async Task<IResult> HandlePost(
        Guid id, DecideForfeitureRequest body, [FromHeader(Name = CallHeaders.Actor)] string actor, ForfeitureLedger forfeitures, CancellationToken ct) =>
        Reason.IsGood(body.Reason) ? ForfeitureAnswers.Of(await forfeitures.PostAsync(id, actor, body.Reason, ct)) : Problems.Invalid("reason", Reason.Fault);

    private static async Task<IResult> HandleReversal(
        Guid id, ReverseForfeitureRequest body, [FromHeader(Name = CallHeaders.Actor)] string actor, ReversalLedger reversals, CancellationToken ct) =>
        Reason.IsGood(body.Reason) ? ForfeitureAnswers.Of(await reversals.RequestAsync(id, body.AppealId, body.Reason, actor, ct)) : Problems.Invalid("reason", Reason.Fault);

    private static async Task<IResult> HandleApproval(Guid id, [FromHeader(Name = CallHeaders.Actor)] string actor, ReversalLedger reversals, CancellationToken ct) =>
        ForfeitureAnswers.Of(await reversals.ApproveAsync(id, actor, ct));

    private static async Task<IResult> HandleRefusal(
        Guid id, DecideForfeitureRequest body, [FromHeader(Name = CallHeaders.Actor)] string actor, ReversalLedger reversals, CancellationToken ct) =>
        Reason.IsGood(body.Reason) ? ForfeitureAnswers.Of(await reversals.RefuseAsync(id, actor, body.Reason, ct)) : Problems.Invalid("reason", Reason.Fault);
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DecideForfeitureRequest
{
    public required string Reason { get; init; }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReverseForfeitureRequest
{
    /// <summary>The appeal that was won; one appeal reverses one forfeiture.</summary>
    public required Guid AppealId { get; init; }

    public required string Reason { get; init; }
}
