using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Moderation.Policies;

/// <summary>Shows the policy of every category and stage: what is or was in force at a time, or all rows there ever were.</summary>
internal static class GetPolicies
{
    public static void MapGetPolicies(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/policies", Handle);

    private static async Task<IResult> Handle(PolicyList policies, TimeProvider time, CancellationToken ct, string? at = null, string? category = null, bool history = false)
    {
        if (history && at is not null) return Problems.Invalid("at", "cannot be combined with history=true, which shows all rows.");
        if (at is not null && !ZonedTimes.TryRead(at, out _)) return Problems.Invalid("at", "must be a time with its offset, like 2027-01-01T00:00:00Z (a + is sent as %2B).");
        if (category is not null && Categories.IndexOf(category) < 0) return Problems.Invalid("category", $"must be one of {string.Join(", ", Categories.All)}.");

        var snapshot = await policies.RefreshAsync(ct);
        var moment = at is not null && ZonedTimes.TryRead(at, out var asked) ? asked : snapshot.NotBehind(time.GetUtcNow());
        var places = Categories.All.Where(name => category is null || name == category).SelectMany(_ => Enum.GetValues<ScreeningStage>(), (name, stage) => (name, stage));
        var items = history ? places.SelectMany(place => snapshot.HistoryOf(place.name, place.stage)) : places.Select(place => snapshot.InForce(place.name, place.stage, moment));
        return TypedResults.Ok(new { items = items.ToArray(), next = (string?)null });
    }
}
