using System.Security.Cryptography;

namespace Aigc2d.Moderation.Rules;

/// <summary>The compiled rules: read once, never changed, shared by every screening.</summary>
public sealed class RuleSet
{
    private RuleSet(string version, CompiledRule[] rules, TermAutomaton words, TermAutomaton squeezed, Term[] terms, RuleStep[][] stepsByGroup, int partials)
    {
        (Version, Rules, Words, Squeezed, Terms, StepsByGroup, Partials) = (version, rules, words, squeezed, terms, stepsByGroup, partials);
    }

    /// <summary>Names exactly these rules: a digest of the data files.</summary>
    public string Version { get; }

    internal CompiledRule[] Rules { get; }

    /// <summary>Finds terms in the reading of words.</summary>
    internal TermAutomaton Words { get; }

    /// <summary>Finds terms in the leet reading, where every run of a letter is one letter.</summary>
    internal TermAutomaton Squeezed { get; }

    internal Term[] Terms { get; }

    /// <summary>For each group, the places in rules where a hit of it matters.</summary>
    internal RuleStep[][] StepsByGroup { get; }

    /// <summary>How many beginnings of sequences have to be remembered during a scan.</summary>
    internal int Partials { get; }

    public static RuleSet Embedded()
    {
        var assembly = typeof(RuleSet).Assembly;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.Contains(".Data.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            digest.AppendData(SHA256.HashData(stream));
        }

        return Compile(RuleFile.Embedded().Select(f => f.File), Convert.ToHexStringLower(digest.GetHashAndReset())[..12]);
    }

    public static RuleSet Compile(IEnumerable<RuleFile> files, string version)
    {
        var compiler = new RuleCompiler();
        foreach (var file in files) compiler.Add(file);
        var (rules, terms, steps, partials) = compiler.Finish();
        return new RuleSet(version, rules, TermAutomaton.OfWords(terms), TermAutomaton.Squeezed(terms), terms, steps, partials);
    }
}

/// <summary>A word or phrase to be found, and the groups it belongs to.</summary>
internal sealed record Term(string Text, bool Open, int[] Groups);

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
}

/// <summary>A place in a rule: where a hit extends or completes it. <see cref="Partial"/> is the memory for what it extends to, −1 when it completes.</summary>
internal readonly record struct RuleStep(CompiledRule Rule, int Step, int Before, int Partial);
