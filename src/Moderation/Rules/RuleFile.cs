namespace Aigc2d.Moderation.Rules;

/// <summary>One data file of the rule set as it is authored: terms in named groups, and rules over the groups.</summary>
public sealed record RuleFile
{
    private static readonly string Prefix = $"{typeof(RuleFile).Assembly.GetName().Name}.Rules.Data.";

    /// <summary>The category of product.md §4 that the file's rules belong to; null in files that only share terms.</summary>
    public string? Category { get; init; }

    /// <summary>Words and phrases by group, in folded form. A trailing * lets the last word go on.</summary>
    public Dictionary<string, string[]> Terms { get; init; } = [];

    /// <summary>
    /// Words and phrases by group, written like terms, that tell what a text is about, however harmless each is alone. No rule uses them; the classifier counts
    /// them, so that it need not have met each one in training.
    /// </summary>
    public Dictionary<string, string[]> Words { get; init; } = [];

    public RuleEntry[] Rules { get; init; } = [];

    public static RuleFile Parse(Stream json) => AuthoredJson.Parse<RuleFile>(json, "rule file");

    /// <summary>The names of the embedded files, in order.</summary>
    public static IEnumerable<string> Names() => typeof(RuleFile).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => name[Prefix.Length..]);

    /// <summary>The embedded files by name, in name order.</summary>
    public static IReadOnlyList<(string Name, RuleFile File)> Embedded() =>
    [
        .. Names().Select(name =>
        {
            using var stream = typeof(RuleFile).Assembly.GetManifestResourceStream(Prefix + name)!;
            return (name, Parse(stream));
        }),
    ];
}

/// <summary>A rule as it is authored.</summary>
public sealed record RuleEntry
{
    /// <summary>Unique; begins with the category.</summary>
    public required string Id { get; init; }

    /// <summary>The part of the category's clause that the rule enforces.</summary>
    public required string Clause { get; init; }

    public required Severity Severity { get; init; }

    public RuleAction Action { get; init; } = RuleAction.Block;

    /// <summary>Where the rule applies.</summary>
    public RuleStages Stages { get; init; } = RuleStages.Both;

    /// <summary>Whether a hit counts against the account. Never for somebody who may be in distress; P2 never does.</summary>
    public bool Strike { get; init; } = true;

    /// <summary>
    /// <c>a</c>: any term of group a. <c>a &lt;12&gt; b</c>: a, then b at most 12 letters later. <c>a &amp; b within 60</c>: in any order inside 60 letters.
    /// <c>a|b</c> is either group.
    /// </summary>
    public required string Match { get; init; }

    /// <summary>Groups whose nearness makes the text legitimate: <c>a|b</c>.</summary>
    public string? Unless { get; init; }

    /// <summary>How near, in letters.</summary>
    public int UnlessWithin { get; init; } = 24;
}

/// <summary>How grave a violation is; the order is that of product.md §4.</summary>
public enum Severity
{
    P0,
    P1,
    P2,
}

/// <summary>What a hit asks for.</summary>
public enum RuleAction
{
    Block,
    Support,

    /// <summary>Goes on and is looked at by a person later.</summary>
    Review,
}

/// <summary>Where a rule applies.</summary>
[Flags]
public enum RuleStages
{
    Prompt = 1,
    Output = 2,
    Both = Prompt | Output,
}
