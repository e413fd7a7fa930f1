using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Moderation.Policies;

/// <summary>Shows the policy of every category and stage: what is or was in force at a time, or page by page all rows there ever were.</summary>
internal static class GetPolicies
{
    public static void MapGetPolicies(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/policies", Handle);

    private static async Task<IResult> Handle(
        PolicyList policies, TimeProvider time, CancellationToken ct, string? at = null, string? category = null, bool history = false, int? limit = null, string? after = null)
    {
        if (history && at is not null) return Problems.Invalid("at", "cannot be combined with history=true, which shows all rows.");
        if (!history && (limit is not null || after is not null)) return Problems.Invalid(limit is null ? "after" : "limit", "needs history=true; what is in force at a time is one page.");
        if (at is not null && !ZonedTimes.TryRead(at, out _)) return Problems.Invalid("at", "must be a time with its offset, like 2027-01-01T00:00:00Z (a + is sent as %2B).");
        if (category is not null && Categories.IndexOf(category) < 0) return Problems.Invalid("category", $"must be one of {string.Join(", ", Categories.All)}.");
        if (Paging.TryRead(limit, null, out var paging) is { } problem) return problem;

        var snapshot = await policies.RefreshAsync(ct);
        var places = Categories.All.Where(name => category is null || name == category).SelectMany(_ => Enum.GetValues<ScreeningStage>(), (name, stage) => (name, stage));
        if (history) return Page([.. places.SelectMany(place => snapshot.HistoryOf(place.name, place.stage))], paging, after);

        var moment = at is not null && ZonedTimes.TryRead(at, out var asked) ? asked : snapshot.NotBehind(time.GetUtcNow());
        return TypedResults.Ok(new { items = places.Select(place => snapshot.InForce(place.name, place.stage, moment)).ToArray(), next = (string?)null });
    }

    // Rows are never changed or removed, so that the last one seen is still there when the next page is asked for.
    private static IResult Page(List<Policy> rows, Paging paging, string? after)
    {
        var seen = after is null ? -1 : rows.FindIndex(row => CursorOf(row) == after);
        if (after is not null && seen < 0) return Problems.Invalid("after", "must be the 'next' of an earlier answer.");

        return TypedResults.Ok(paging.Page([.. rows.Skip(seen + 1).Take(paging.Limit + 1)], CursorOf));
    }

    private static string CursorOf(Policy row) => $"{row.Category}.{(row.Stage == ScreeningStage.Prompt ? "prompt" : "output")}.{row.Version}";
}
