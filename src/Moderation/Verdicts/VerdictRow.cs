using System.Text;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tallies;

namespace Aigc2d.Moderation.Verdicts;

/// <summary>A block or review as it is recorded: which rules, how sure, where, when, about whom; of the text itself only the keyed hash.</summary>
internal sealed record VerdictRow
{
    private const int MostFindings = 16;

    // Scores are kept to four decimals.
    private const float Parts = 10_000;

    public required Guid RequestId { get; init; }

    public required Guid AccountId { get; init; }

    public required ScreeningStage Stage { get; init; }

    public required string Category { get; init; }

    public required string Severity { get; init; }

    public required string[] RuleIds { get; init; }

    /// <summary>JSON: text index, start and end for each rule; nothing for an image.</summary>
    public required string Offsets { get; init; }

    public string ContentHash { get; init; } = "";

    public required string RuleSet { get; init; }

    /// <summary>Block or review.</summary>
    public required VerdictAction Action { get; init; }

    /// <summary>What the classifier by itself thought, probabilities in the order of the categories; null without one.</summary>
    public float[]? Scores { get; init; }

    public float? Unsafe { get; init; }

    /// <summary>Null without a classifier.</summary>
    public string? ModelVersion { get; init; }

    public required long PolicyVersion { get; init; }

    /// <summary><c>en</c> or <c>zh</c>; null without a classifier.</summary>
    public string? Language { get; init; }

    public required Strictness Strictness { get; init; }

    /// <summary>A keyed hash of the customer's own id of its end user; null when it sent none.</summary>
    public string? EndUserHash { get; init; }

    /// <summary>Whether it may count against the account; the same text within ten minutes counts once.</summary>
    public required bool Strike { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    public static VerdictRow Of(Screening screening, Judgement judgement, StagePolicy policy, string ruleSet, DateTimeOffset now)
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
            RuleSet = ruleSet,
            Action = judgement.Action,
            Scores = [.. judgement.Leaning.ByCategory.Select(Rounded)],
            Unsafe = Rounded(judgement.Leaning.Unsafe),
            Language = TallyCell.NameOf(judgement.Leaning.Language),
            PolicyVersion = policy.Version,
            Strictness = screening.Strictness,
            Strike = judgement.Action == VerdictAction.Block && screening.Stage == ScreeningStage.Prompt && rule.Strike && policy.Strikes(rule.Category),
            DecidedAt = now,
        };
    }

    // Down, so that no score is taken for one that reached a threshold.
    private static float Rounded(float probability)
    {
        var cut = MathF.Floor(probability * Parts);
        if ((cut + 1) / Parts <= probability) cut++;
        return cut / Parts;
    }

    private static string OffsetsOf(Finding[] findings)
    {
        var json = new StringBuilder("[");
        foreach (var f in findings.Where(f => f.Text != Finding.InNoText)) json.Append(json.Length > 1 ? "," : "").Append('[').Append(f.Text).Append(',').Append(f.Start).Append(',').Append(f.End).Append(']');
        return json.Append(']').ToString();
    }
}
