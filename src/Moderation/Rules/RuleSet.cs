using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>The compiled rules: read once, never changed, shared by every screening.</summary>
public sealed class RuleSet
{
    private RuleSet(string version, CompiledRules compiled)
    {
        Version = version;
        Compiled = compiled;
        TermAutomaton? words = null, squeezed = null, pinyin = null;
        Misspellings? misspellings = null;
        Parallel.Invoke(
            () => misspellings = new Misspellings([.. compiled.Terms.SelectMany(WordsOf)]),
            () => words = TermAutomaton.OfWords(compiled.Terms),
            () => pinyin = TermAutomaton.InPinyin(compiled.Terms),
            () => squeezed = TermAutomaton.Squeezed(compiled.Terms));
        (Words, Squeezed, Pinyin, Misspellings) = (words!, squeezed!, pinyin!, misspellings!);
    }

    /// <summary>Names exactly these rules: a digest of the data files.</summary>
    public string Version { get; }

    internal CompiledRules Compiled { get; }

    /// <summary>Finds terms in the reading of words.</summary>
    internal TermAutomaton Words { get; }

    /// <summary>Finds terms in the leet reading, where every run of a letter is one letter.</summary>
    internal TermAutomaton Squeezed { get; }

    /// <summary>Finds terms in the reading of syllables.</summary>
    internal TermAutomaton Pinyin { get; }

    /// <summary>The words of the terms, to be recognised when they are misspelt.</summary>
    internal Misspellings Misspellings { get; }

    /// <param name="packs">The jurisdiction packs to add to the rules that hold everywhere.</param>
    /// <exception cref="FormatException">There is no such pack.</exception>
    public static RuleSet Embedded(params IReadOnlyCollection<string> packs)
    {
        var left = JurisdictionPacks.FilesBut(packs);
        var (files, version) = ((IReadOnlyList<(string Name, RuleFile File)>)[], "");

        // The tables that rules are compiled with are read meanwhile.
        Parallel.Invoke(
            () => files = RuleFile.Embedded(),
            () => RuntimeHelpers.RunClassConstructor(typeof(FoldTable).TypeHandle),
            () => RuntimeHelpers.RunClassConstructor(typeof(PinyinTable).TypeHandle),
            () => RuntimeHelpers.RunClassConstructor(typeof(CommonWords).TypeHandle),
            () => version = VersionWithout(left));

        // And these while the rules are compiled; whoever needs them first waits for them.
        _ = Task.Run(() => RuntimeHelpers.RunClassConstructor(typeof(PinyinSyllables).TypeHandle));
        return Compile(files.Where(f => !left.Contains(f.Name)).Select(f => f.File), version);
    }

    /// <summary>The version of the rules that hold everywhere: classifiers are trained with these, whatever packs are added later.</summary>
    public static string VersionWithoutPacks => VersionWithout(JurisdictionPacks.FilesBut([]));

    private static string VersionWithout(IReadOnlyCollection<string> left)
    {
        var assembly = typeof(RuleSet).Assembly;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = assembly.GetManifestResourceNames()
            .Where(n => n.Contains(".Data.", StringComparison.Ordinal) && !n.EndsWith(".model", StringComparison.Ordinal) && !left.Any(file => n.EndsWith($".{file}", StringComparison.Ordinal)));
        foreach (var name in files.Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            digest.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset())[..12];
    }

    public static RuleSet Compile(IEnumerable<RuleFile> files, string version)
    {
        var compiler = new RuleCompiler();
        foreach (var file in files) compiler.Add(file);
        return new RuleSet(version, compiler.Finish());
    }

    // What an open word may go on to is known for everyday words only.
    private static IEnumerable<string> WordsOf(Term term)
    {
        var words = term.Text.Split(' ');
        return term.Open && words[^1].Length >= Misspellings.Shortest ? words.Concat(CommonWords.StartingWith(words[^1])) : words;
    }
}
