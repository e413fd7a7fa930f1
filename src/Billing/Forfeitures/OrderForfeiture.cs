using System.Text.Json.Serialization;
using Aigc2d.Billing.Ledger;
using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>A person orders, after a ban, that an account loses its points.</summary>
internal static class OrderForfeiture
{
    private const int MostViolations = 100;

    public static void MapOrderForfeiture(this IEndpointRouteBuilder routes) => routes.MapPost("/admin/accounts/{accountId:guid}/forfeiture", Handle);

    private static async Task<IResult> Handle(
        Guid accountId, OrderForfeitureRequest body, [FromHeader(Name = CallHeaders.Actor)] string actor, ForfeitureLedger forfeitures, CancellationToken ct)
    {
        if (body.Violations.Length is 0 or > MostViolations) return Problems.Invalid("violations", $"must have 1 to {MostViolations} ids: a ban names what it is for.");
        if (!Reason.IsGood(body.Reason)) return Problems.Invalid("reason", Reason.Fault);

        return ForfeitureAnswers.Of(await forfeitures.OrderAsync(new(accountId, body.SuspensionId, body.Violations, body.Reason, actor), ct));
    }
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OrderForfeitureRequest
{
    /// <summary>The suspension that bans the account; an order is carried out once per suspension.</summary>
    public required Guid SuspensionId { get; init; }

    public required Guid[] Violations { get; init; }

    public required string Reason { get; init; }
}
