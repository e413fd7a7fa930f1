using System.Diagnostics;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Providers;
using Aigc2d.Moderation.Tallies;
using Aigc2d.Moderation.Verdicts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Moderation.Screenings;

/// <summary>Screens a batch of texts. The answer needs no database: what was blocked or is to be looked at is recorded behind it.</summary>
public static class ScreenTexts
{
    private const int MostScreenings = 256;

    // The largest body the edge takes, with every character escaped to its widest form, fits.
    private const long LargestBody = 192 * 1024 * 1024;

    // Below this, handing work to other threads costs more than it saves.
    private const int WorthSharing = 100_000;

    public static void MapScreenTexts(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/screenings", Handle).WithMetadata(new RequestSizeLimitAttribute(LargestBody));

    private static Results<Ok<ScreenResponse>, ProblemHttpResult> Handle(
        ScreenRequest body, TextScreener screener, PolicyList policies, ProviderOptions providers, VerdictLog verdicts, ScoreTally tally, ScreeningMetrics metrics)
    {
        var screenings = body.Screenings;
        if (screenings.Length is 0 or > MostScreenings) return Problems.Invalid("screenings", $"must have 1 to {MostScreenings} items.");
        if (Array.Exists(screenings, s => s is null || Array.Exists(s.Texts, t => t is null))) return Problems.Invalid("screenings", "must not have null items.");

        var inForce = policies.Current;
        var answers = new Verdict[screenings.Length];
        if (screenings.Length > 1 && screenings.Sum(s => s.Texts.Sum(t => (long)t.Length)) > WorthSharing)
            Parallel.For(0, screenings.Length, i => answers[i] = Judge(screenings[i]));
        else
            for (var i = 0; i < screenings.Length; i++) answers[i] = Judge(screenings[i]);

        return TypedResults.Ok(new ScreenResponse { Verdicts = answers });

        Verdict Judge(Screening screening)
        {
            var started = Stopwatch.GetTimestamp();
            var policy = inForce.For(screening);
            var judgement = screener.Screen(screening.Texts, screening.Stage, policy);
            metrics.Record(screening.Stage, judgement, Stopwatch.GetElapsedTime(started));
            // Previews count what policies of categories decide.
            if (!policy.IsOfGravestOnly) tally.Record(screening.Stage, screening.Strictness, judgement);
            var asksProvider = screening.Texts.Length > 0 && !policy.IsOfGravestOnly && providers.AsksAbout(screening.Stage, judgement);
            // Recorded when the provider has been heard. Somebody in distress is helped and counted, never recorded.
            if (!asksProvider && judgement.Action is VerdictAction.Block or VerdictAction.Review) verdicts.Record(screening, judgement, policy);
            return judgement.ToVerdict() with { AskProvider = asksProvider, Images = providers.LooksAt(screening, judgement) };
        }
    }
}
