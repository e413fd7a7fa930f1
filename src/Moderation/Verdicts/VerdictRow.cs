using System.Text;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Verdicts;

/// <summary>A block as it is recorded: which rules, where, when, about whom; of the text itself only the keyed hash.</summary>
internal sealed record VerdictRow
{
    private const int MostFindings = 16;

    public required Guid RequestId { get; init; }

    public required Guid AccountId { get; init; }

    public required ScreeningStage Stage { get; init; }

    public required string Category { get; init; }

    public required string Severity { get; init; }

    public required string[] RuleIds { get; init; }

    /// <summary>JSON: text index, start and end for each rule.</summary>
    public required string Offsets { get; init; }

    public required string ContentHash { get; init; }

    public required string RuleSet { get; init; }

    public required bool Strike { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    public static VerdictRow Of(Screening screening, Judgement judgement, string contentHash, string ruleSet, DateTimeOffset now)
    {
        var kept = judgement.Findings.Take(MostFindings).ToArray();
        var rule = kept[0].Rule;
        return new VerdictRow
        {
            RequestId = screening.RequestId,
            AccountId = screening.AccountId,
            Stage = screening.Stage,
            Category = rule.Category,
            Severity = rule.Severity.ToString(),
            RuleIds = [.. kept.Select(f => f.Rule.Id)],
            Offsets = OffsetsOf(kept),
            ContentHash = contentHash,
            RuleSet = ruleSet,
            Strike = rule.Strike && screening.Stage == ScreeningStage.Prompt,
            DecidedAt = now,
        };
    }

    private static string OffsetsOf(Finding[] findings)
    {
        var json = new StringBuilder("[");
        foreach (var f in findings) json.Append(json.Length > 1 ? "," : "").Append('[').Append(f.Text).Append(',').Append(f.Start).Append(',').Append(f.End).Append(']');
        return json.Append(']').ToString();
    }
}
