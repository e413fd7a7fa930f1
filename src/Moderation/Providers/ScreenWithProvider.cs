using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Verdicts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Moderation.Providers;

/// <summary>Screens one prompt with a provider's moderation beside our engine. It takes a provider's time, so it shares no batch with others.</summary>
internal static class ScreenWithProvider
{
    private const long LargestBody = 192 * 1024 * 1024;

    public static void MapScreenWithProvider(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/screenings/provider", HandleAsync).WithMetadata(new RequestSizeLimitAttribute(LargestBody));

    private static async Task<Results<Ok<Verdict>, ProblemHttpResult>> HandleAsync(
        Screening body, TextScreener screener, PolicyList policies, ProviderModeration provider, ProviderOptions options, VerdictLog verdicts, CancellationToken ct)
    {
        if (body.Texts.Length == 0 || Array.Exists(body.Texts, text => text is null)) return Problems.Invalid("texts", "must have at least one text, and none that is null.");

        var policy = policies.Current.For(body);
        var judgement = screener.Screen(body.Texts, body.Stage, policy);
        if (judgement.Action != VerdictAction.Block)
        {
            var flags = await provider.AskAsync(body, ct);
            if (flags is not null) judgement = ProviderRules.Fuse(judgement, flags, body.Texts, policy);
            else if (options.Mode == UpstreamMode.Always) return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no-provider", "No provider has answered", "Moderation:Upstream is always, and no provider's moderation has answered in time. Try again.");
        }

        if (judgement.Action is VerdictAction.Block or VerdictAction.Review) verdicts.Record(body, judgement, policy);
        return TypedResults.Ok(judgement.ToVerdict());
    }
}
