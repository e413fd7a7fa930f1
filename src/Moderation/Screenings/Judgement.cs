using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Screenings;

/// <summary>A rule that a text broke, and where: characters of the original text.</summary>
internal readonly record struct Finding(CompiledRule Rule, int Text, int Start, int End);

/// <summary>What screening decided about the texts of one request, and why.</summary>
internal sealed record Judgement
{
    public static readonly Judgement Allowed = new() { Action = VerdictAction.Allow, Findings = [] };

    public required VerdictAction Action { get; init; }

    /// <summary>Every rule that hit, once, most severe first; the first one decides.</summary>
    public required Finding[] Findings { get; init; }

    public CompiledRule? Deciding => Findings is [var first, ..] ? first.Rule : null;

    public static Judgement Of(List<Finding> findings)
    {
        if (findings.Count == 0) return Allowed;
        var ordered = findings.OrderBy(f => f.Rule.Action).ThenBy(f => f.Rule.Severity).ThenBy(f => f.Text).ThenBy(f => f.Start).DistinctBy(f => f.Rule.Index);
        return new Judgement { Action = ActionOf(findings), Findings = [.. ordered] };
    }

    public Verdict ToVerdict() => new() { Action = Action, Category = Deciding?.Category, Rules = [.. Findings.Select(f => f.Rule.Id)] };

    private static VerdictAction ActionOf(List<Finding> findings) =>
        findings.Exists(f => f.Rule.Action == RuleAction.Block) ? VerdictAction.Block : VerdictAction.Support;
}
