using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Moderation.Classifications;

/// <summary>Says what is in texts without judging whoever sent them: a rule that hits makes its category certain, and nothing is recorded.</summary>
public static class ClassifyTexts
{
    private const int MostInputs = 2_048;
    private const long LargestBody = 192 * 1024 * 1024;

    public static void MapClassifyTexts(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/classifications", Handle).WithMetadata(new RequestSizeLimitAttribute(LargestBody));

    private static Results<Ok<ClassifyResponse>, ProblemHttpResult> Handle(ClassifyRequest body, TextScreener screener)
    {
        if (body.Inputs.Length is 0 or > MostInputs) return Problems.Invalid("inputs", $"must have 1 to {MostInputs} items.");
        if (Array.Exists(body.Inputs, input => input is null || Array.Exists(input, text => text is null))) return Problems.Invalid("inputs", "must not have null items.");

        return TypedResults.Ok(new ClassifyResponse { Results = [.. body.Inputs.Select(texts => Classify(screener.Screen(texts, ScreeningStage.Prompt)))] });
    }

    private static Classification Classify(Judgement judgement) => new()
    {
        Scores = Categories.All.Zip(judgement.Scores.ByCategory).ToDictionary(score => score.First, score => (double)score.Second, StringComparer.Ordinal),
        Rules = [.. judgement.Findings.Select(finding => finding.Rule.Id)],
    };
}
