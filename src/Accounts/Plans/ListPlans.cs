using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Accounts.Plans;

/// <summary>Shows operators every plan, and who changed one and why.</summary>
internal static class ListPlans
{
    private const int MostItems = 200;

    public static void MapListPlans(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/plans", Handle);
        routes.MapGet("/admin/plans/{name}/changes", HandleChanges);
    }

    private static async Task<IResult> Handle(PlanTable plans, CancellationToken ct) => TypedResults.Ok(new { items = await plans.ListAsync(ct), next = (string?)null });

    private static async Task<IResult> HandleChanges(string name, PlanTable plans, CancellationToken ct, int limit = 50, long after = 0)
    {
        if (limit is < 1 or > MostItems) return Problems.Invalid("limit", $"must be 1 to {MostItems}.");
        if (await plans.FindAsync(name, ct) is null) return Problems.NotFound(ChangePlan.UnknownPlan);

        var items = await plans.HistoryAsync(name, after, limit + 1, ct);
        return TypedResults.Ok(items.Count > limit ? new { items = items[..limit], next = (string?)$"{items[limit - 1].Id}" } : new { items, next = (string?)null });
    }
}
