using System.Collections.Frozen;
using System.Text.Json.Serialization;
using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Gateway.Moderations;

/// <summary>The answer of <c>POST /v1/moderations</c> in OpenAI's shape.</summary>
internal sealed record ModerationResponse
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("model")]
    public required string Model { get; init; }

    [JsonPropertyName("results")]
    public required ModerationResult[] Results { get; init; }

    public static ModerationResponse Of(Guid requestId, string model, Classification[] found) => new()
    {
        Id = $"modr-{requestId:N}",
        Model = model,
        Results = [.. found.Select(ModerationResult.Of)],
    };
}

/// <summary>What is in one input, in OpenAI's categories; the content rules' own stand beside them.</summary>
internal sealed record ModerationResult
{
    private const double Certain = 0.5;
    private static readonly string[] TextOnly = ["text"];

    // Which of the content rules' categories speak for each of OpenAI's (https://platform.openai.com/docs/guides/moderation).
    private static readonly FrozenDictionary<string, string[]> Sources = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["harassment"] = ["harassment"],
        ["harassment/threatening"] = [],
        ["hate"] = ["hate"],
        ["hate/threatening"] = [],
        ["illicit"] = ["illegal", "malware", "deception", "trafficking", "terrorism"],
        ["illicit/violent"] = ["terrorism"],
        ["self-harm"] = ["self_harm"],
        ["self-harm/intent"] = [],
        ["self-harm/instructions"] = [],
        ["sexual"] = ["sexual", "intimate_nonconsensual", "child_safety"],
        ["sexual/minors"] = ["child_safety"],
        ["violence"] = ["violence"],
        ["violence/graphic"] = [],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    [JsonPropertyName("flagged")]
    public required bool Flagged { get; init; }

    [JsonPropertyName("categories")]
    public required IReadOnlyDictionary<string, bool> Categories { get; init; }

    [JsonPropertyName("category_scores")]
    public required IReadOnlyDictionary<string, double> CategoryScores { get; init; }

    [JsonPropertyName("category_applied_input_types")]
    public required IReadOnlyDictionary<string, string[]> CategoryAppliedInputTypes { get; init; }

    /// <summary>Scores by the content rules' own categories, 0 to 1.</summary>
    [JsonPropertyName("content_rules")]
    public required IReadOnlyDictionary<string, double> ContentRules { get; init; }

    public static ModerationResult Of(Classification found)
    {
        var scores = Sources.ToDictionary(category => category.Key, category => category.Value.Select(source => found.Scores.GetValueOrDefault(source)).DefaultIfEmpty(0).Max(), StringComparer.Ordinal);
        return new ModerationResult
        {
            Flagged = found.Scores.Values.Any(IsCertain),
            Categories = scores.ToDictionary(score => score.Key, score => IsCertain(score.Value), StringComparer.Ordinal),
            CategoryScores = scores,
            CategoryAppliedInputTypes = scores.Keys.ToDictionary(category => category, _ => TextOnly, StringComparer.Ordinal),
            ContentRules = found.Scores,
        };
    }

    private static bool IsCertain(double score) => score >= Certain;
}
