using System.Security.Cryptography;

namespace Aigc2d.Moderation.Rules;

/// <summary>The compiled rules: read once, never changed, shared by every screening.</summary>
public sealed class RuleSet
{
    private RuleSet(string version, CompiledRules compiled)
    {
        Version = version;
        Compiled = compiled;
        Words = TermAutomaton.OfWords(compiled.Terms);
        Squeezed = TermAutomaton.Squeezed(compiled.Terms);
    }

    /// <summary>Names exactly these rules: a digest of the data files.</summary>
    public string Version { get; }

    internal CompiledRules Compiled { get; }

    /// <summary>Finds terms in the reading of words.</summary>
    internal TermAutomaton Words { get; }

    /// <summary>Finds terms in the leet reading, where every run of a letter is one letter.</summary>
    internal TermAutomaton Squeezed { get; }

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
        return new RuleSet(version, compiler.Finish());
    }
}
