using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tallies;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.Moderation.Policies;

/// <summary>Says what a plan's change of strictness would do: the counted scores of plans as strict as it is, under the policies in force, for it and for how strict it is to be.</summary>
internal static class PreviewStrictness
{
    public static void MapPreviewStrictness(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/policies/strictness", Handle);

    private static async Task<IResult> Handle(PolicyList policies, RecentScreenings recent, TextScreener screener, TimeProvider time, CancellationToken ct, string? from = null, string? to = null)
    {
        if (StrictnessOf(from) is not { } one) return Problems.Invalid("from", "must be standard, strict or relaxed.");
        if (StrictnessOf(to) is not { } other) return Problems.Invalid("to", "must be standard, strict or relaxed.");

        var now = time.GetUtcNow();
        var snapshot = await policies.RefreshAsync(ct);
        var (since, scores) = await recent.ReadAsync(now, ct);
        var items = Categories.All.SelectMany(_ => Enum.GetValues<ScreeningStage>(), (category, stage) => PreviewItem.Of(snapshot.InForce(category, stage, snapshot.NotBehind(now)), one, other, screener.Thresholds, scores));
        return TypedResults.Ok(new { from = since, to = now, resolution = PreviewPolicies.Words, items = items.ToArray(), next = (string?)null });
    }

    private static Strictness? StrictnessOf(string? name) => name switch
    {
        "standard" => Strictness.Standard,
        "strict" => Strictness.Strict,
        "relaxed" => Strictness.Relaxed,
        _ => null,
    };
}
