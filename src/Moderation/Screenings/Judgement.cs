using System.Runtime.InteropServices;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Screenings;

/// <summary>A rule that a text broke, and where: characters of the original text.</summary>
internal readonly record struct Finding(CompiledRule Rule, int Text, int Start, int End)
{
    /// <summary>The place of what was found in an image.</summary>
    public const int InNoText = -1;
}

/// <summary>What screening decided about the texts of one request, and why.</summary>
internal sealed record Judgement
{
    public static readonly Judgement Allowed = new() { Action = VerdictAction.Allow, Findings = [], Scores = Scores.None, Leaning = Leaning.None };

    public required VerdictAction Action { get; init; }

    /// <summary>Every rule that hit, once: what asks for most first, then distress, written rules before the classifier's, the most severe; the first one decides.</summary>
    public required Finding[] Findings { get; init; }

    public required Scores Scores { get; init; }

    /// <summary>The classifier's part in it.</summary>
    public required Leaning Leaning { get; init; }

    /// <summary>The rule that decided; null when the texts go on as if there were none.</summary>
    public CompiledRule? Deciding => Action != VerdictAction.Allow && Findings is [var first, ..] ? first.Rule : null;

    public static Judgement Of(List<Finding> findings, Scores scores, Leaning leaning, StagePolicy policy)
    {
        if (findings.Count == 0) return new Judgement { Action = VerdictAction.Allow, Findings = [], Scores = scores, Leaning = leaning };

        var distress = new Distress(CollectionsMarshal.AsSpan(findings));
        var ordered = findings.OrderBy(f => RankOf(distress.ActionOf(f.Rule, policy))).ThenByDescending(f => f.Rule.Action == RuleAction.Support).ThenBy(f => f.Rule.Index < 0)
            .ThenBy(f => f.Rule.Severity).ThenByDescending(f => f.Rule.Strike).ThenBy(f => f.Text).ThenBy(f => f.Start).DistinctBy(f => f.Rule.Index).ToArray();
        return new Judgement { Action = distress.ActionOf(ordered[0].Rule, policy), Findings = ordered, Scores = scores, Leaning = leaning };
    }

    public Verdict ToVerdict() => new() { Action = Action, Category = Deciding?.Category, Rules = [.. Findings.Select(f => f.Rule.Id)] };

    // Help for somebody in distress is worth more than a later look.
    private static int RankOf(VerdictAction action) => action switch
    {
        VerdictAction.Block => 0,
        VerdictAction.Support => 1,
        VerdictAction.Review => 2,
        _ => 3,
    };
}
