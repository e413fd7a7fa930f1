using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tallies;

namespace Aigc2d.Moderation.Policies;

/// <summary>Says what rows would change before they are added: the counted scores of the last seven days, and the verdicts recorded in them, under what is in force and under each row.</summary>
internal static class PreviewPolicies
{
    public const string Words =
        "Scores of the last seven days (since the full hour) are counted in steps of 0.01, the probability of any violation in steps of 0.05; a threshold inside a step makes a count a range. Each "
        + "category is looked at alone: what another category blocks stays blocked. An answer is screened in windows, and each window counts. Both columns apply policies to the same scores; neither is what was decided then. "
        + "The flags of a provider's moderation are in no count: providerFlags says how many blocks and reviews were recorded for them; an action would limit these, and what a threshold would do to them is not known.";

    public static void MapPreviewPolicies(this IEndpointRouteBuilder routes) => routes.MapPost("/admin/policies/preview", Handle);

    private static async Task<IResult> Handle(PolicyRow[] rows, PolicyList policies, RecentScreenings recent, TextScreener screener, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (PutPolicies.FaultOf(rows, now) is { } fault) return fault;

        var snapshot = await policies.RefreshAsync(ct);
        var (since, scores) = await recent.ReadAsync(now, ct);
        var items = rows.Select(Policy.Of).Select(then => PreviewItem.Of(snapshot.InForce(then.Category, then.Stage, snapshot.NotBehind(now)), then, screener.Thresholds, scores));
        return TypedResults.Ok(new { from = since, to = now, resolution = Words, items = items.ToArray(), next = (string?)null });
    }
}
