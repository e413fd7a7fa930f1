using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Policies;

/// <summary>What is wrong with a policy row, by field and with the bound it breaks.</summary>
internal static class PolicyFaults
{
    private const decimal Lowest = 0.05m;
    private const decimal Highest = 0.99m;
    private const decimal HighestGravest = 0.90m;
    private const int LongestReason = 500;
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public static IEnumerable<(string Field, string Message)> Of(PolicyRow row, DateTimeOffset now)
    {
        if (Categories.IndexOf(row.Category) < 0) yield return ("category", $"must be one of {string.Join(", ", Categories.All)}.");
        if (row.Stage is not ("prompt" or "output")) yield return ("stage", "must be prompt or output.");
        foreach (var fault in OfAny(row.EffectiveFrom, row.Reason, now)) yield return fault;
        if (row.Action is not ("block" or "review" or "allow")) yield return ("action", "must be block, review or allow.");
        if (row.OnRuleHit is not ("block" or "review" or "allow")) yield return ("onRuleHit", "must be block, review or allow.");
        foreach (var fault in Thresholds(row).Concat(Categories.IsGravest(row.Category) ? Gravest(row) : []).Concat(Strike(row))) yield return fault;
    }

    /// <summary>What is wrong with what every dated row has.</summary>
    public static IEnumerable<(string Field, string Message)> OfAny(DateTimeOffset? effectiveFrom, string reason, DateTimeOffset now)
    {
        if (effectiveFrom < now - Tolerance) yield return ("effectiveFrom", "must not be in the past, which has been decided; leave it out for now.");
        if (reason.Trim().Length is 0 or > LongestReason || reason.Any(char.IsControl)) yield return ("reason", $"must have 1 to {LongestReason} characters, none of them a control character.");
    }

    private static IEnumerable<(string Field, string Message)> Thresholds(PolicyRow row)
    {
        foreach (var (field, threshold) in (ReadOnlySpan<(string, decimal?)>)[("blockAt", row.BlockAt), ("reviewAt", row.ReviewAt)])
        {
            if (threshold is { } t && (t is < Lowest or > Highest || t != decimal.Round(t, 2)))
                return [(field, "must be a probability from 0.05 to 0.99 with at most two decimals, or null for the model's own threshold.")];
        }

        return row.ReviewAt > row.BlockAt ? [("reviewAt", "must not be above blockAt; equal to it, nothing is only reviewed.")] : [];
    }

    // The content rules themselves say what happens to these; an operator can only be stricter.
    private static IEnumerable<(string Field, string Message)> Gravest(PolicyRow row)
    {
        if (row.Action is "review" or "allow") yield return ("action", $"must be block: {row.Category} is P0.");
        if (row.OnRuleHit is "review" or "allow") yield return ("onRuleHit", $"must be block: {row.Category} is P0, and its rules cannot be loosened. Report a rule that is wrong instead; it is corrected in the rule files.");
        if (row.BlockAt > HighestGravest) yield return ("blockAt", $"must be at most 0.90, or null: {row.Category} is P0.");
        if (row is { Stage: "prompt", Strike: false }) yield return ("strike", $"must be true or left out: {row.Category} is P0.");
    }

    private static IEnumerable<(string Field, string Message)> Strike(PolicyRow row)
    {
        if (row is { Stage: "output", Strike: true }) yield return ("strike", "must be false or left out: an output is not the account's own text.");
        if (row is { Category: "jurisdiction", Strike: true }) yield return ("strike", "must be false or left out: P2 is blocked only.");
    }
}
