using Aigc2d.Contracts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Accounts.Plans;

/// <summary>Changes how strictly the texts of a plan's accounts are screened. In force when answered: gateways hear of it as of a changed key.</summary>
internal static class ChangePlan
{
    public const string UnknownPlan = "There is no such plan; GET /admin/plans lists them.";

    public static void MapChangePlan(this IEndpointRouteBuilder routes) => routes.MapPatch("/admin/plans/{name}", Handle);

    private static async Task<IResult> Handle(string name, ChangePlanRequest body, [FromHeader(Name = CallHeaders.Actor)] string actor, PlanTable plans, CancellationToken ct)
    {
        if (body.Errors() is { Count: > 0 } errors) return Problems.Invalid(errors);

        await plans.ChangeAsync(name, body, actor, ct);
        return await plans.FindAsync(name, ct) is { } plan ? TypedResults.Ok(plan) : Problems.NotFound(UnknownPlan);
    }
}
