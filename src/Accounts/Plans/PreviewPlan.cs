using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Accounts.Plans;

/// <summary>Says whom a change of a plan would reach; changes nothing. What it would do to their texts, Moderation counts.</summary>
internal static class PreviewPlan
{
    public static void MapPreviewPlan(this IEndpointRouteBuilder routes) => routes.MapPost("/admin/plans/{name}/preview", Handle);

    private static async Task<IResult> Handle(string name, ChangePlanRequest body, PlanTable plans, CancellationToken ct)
    {
        if (body.Errors() is { Count: > 0 } errors) return Problems.Invalid(errors);
        if (await plans.FindAsync(name, ct) is not { } plan) return Problems.NotFound(ChangePlan.UnknownPlan);

        var (accounts, keys) = await plans.CountAsync(name, ct);
        return TypedResults.Ok(new { plan = plan.Name, strictness = new { now = plan.Strictness, then = body.Strictness }, accounts, keys });
    }
}
