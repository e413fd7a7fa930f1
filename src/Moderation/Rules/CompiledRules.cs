namespace Aigc2d.Moderation.Rules;

/// <summary>Rules and terms in the form that a scan works with.</summary>
/// <param name="Rules">The rules, in authored order.</param>
/// <param name="Terms">Every term once.</param>
/// <param name="StepsByGroup">For each group, the places in rules where a hit of it matters.</param>
/// <param name="Partials">How many beginnings of sequences have to be remembered during a scan.</param>
/// <param name="GroupNames">How the rules name each group.</param>
/// <param name="WordCategories">The category of each group that only the classifier reads; null for the rules' own groups.</param>
/// <param name="Harmless">The group whose terms hide what lies inside them; −1 for none.</param>
internal sealed record CompiledRules(CompiledRule[] Rules, Term[] Terms, RuleStep[][] StepsByGroup, int Partials, IReadOnlyList<string> GroupNames, IReadOnlyList<string?> WordCategories, int Harmless);

/// <summary>A word or phrase to be found.</summary>
/// <param name="Text">As it is read.</param>
/// <param name="Open">Whether its last word may go on.</param>
/// <param name="Groups">The groups it belongs to.</param>
/// <param name="Matched">Those of them that rules match; the others only make exceptions.</param>
internal sealed record Term(string Text, bool Open, int[] Groups, int[] Matched);

/// <summary>A rule in the form that a scan works with.</summary>
internal sealed record CompiledRule
{
    public required int Index { get; init; }

    public required string Id { get; init; }

    public required string Category { get; init; }

    public required string Clause { get; init; }

    public required Severity Severity { get; init; }

    public required RuleAction Action { get; init; }

    public required RuleStages Stages { get; init; }

    public required bool Strike { get; init; }

    /// <summary>The groups in order; for a rule without order each group once, with <see cref="Counts"/>.</summary>
    public required int[] Groups { get; init; }

    /// <summary>The widest gap after each group but the last, letters; empty for a rule without order.</summary>
    public int[] Gaps { get; init; } = [];

    /// <summary>How many hits of each group are needed; empty for a rule with order.</summary>
    public int[] Counts { get; init; } = [];

    /// <summary>The window of a rule without order, letters.</summary>
    public int Within { get; init; }

    public required int? Unless { get; init; }

    public required int UnlessWithin { get; init; }

    /// <summary>Rules that nobody wrote, one for each category in the order of <see cref="Categories.All"/>: what else than a match leads to a finding.</summary>
    /// <param name="prefix">What their ids begin with, before the category.</param>
    /// <param name="firstIndex">The index of the first, negative; those of the others follow downwards.</param>
    /// <param name="clause">Where a finding comes from.</param>
    /// <param name="action">What they ask for.</param>
    /// <param name="strike">Whether a hit counts against the account.</param>
    public static CompiledRule[] ForEachCategory(string prefix, int firstIndex, string clause, RuleAction action, bool strike) =>
    [
        .. Categories.All.Select((category, position) => new CompiledRule
        {
            Index = firstIndex - position,
            Id = prefix + category,
            Category = category,
            Clause = clause,
            Severity = Categories.SeverityOf(category),
            Action = action,
            Stages = RuleStages.Both,
            Strike = strike,
            Groups = [],
            Unless = null,
            UnlessWithin = 0,
        }),
    ];
}

/// <summary>A place in a rule: where a hit extends or completes it. <see cref="Partial"/> is the memory for what it extends to, −1 when it completes.</summary>
internal readonly record struct RuleStep(CompiledRule Rule, int Step, int Before, int Partial);
