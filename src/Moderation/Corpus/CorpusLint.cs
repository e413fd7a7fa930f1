using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Corpus;

/// <summary>Says what is wrong with the corpus: by file, pair and reason.</summary>
internal static class CorpusLint
{
    public const string Benign = "none";

    private const int FewestTemplates = 3;

    private static readonly string[] Kinds = ["prompt", "content", "image_prompt"];

    public static IReadOnlyList<string> Check(IReadOnlyList<(string Name, CorpusFile File)> files)
    {
        var faults = new List<string>();
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, file) in files)
        {
            if (file.Category != Benign && !Categories.All.Contains(file.Category)) faults.Add($"{name}: {file.Category} is no category.");
            if (file.Language is not ("en" or "zh")) faults.Add($"{name}: the language {file.Language} is neither en nor zh.");
            foreach (var slot in file.Slots.Keys.Except(UsedSlots(file), StringComparer.Ordinal)) faults.Add($"{name}: the slot {slot} is never used.");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var pair in file.Pairs)
            {
                if (!pairs.TryAdd(pair.Id, name)) faults.Add($"{name}: {pair.Id}: the id stands in {pairs[pair.Id]} already.");
                foreach (var fault in Check(file, pair, seen)) faults.Add($"{name}: {pair.Id}: {fault}");
            }
        }

        return faults;
    }

    private static IEnumerable<string> Check(CorpusFile file, CorpusPair pair, HashSet<string> seen)
    {
        var prefix = $"{file.Category}.{file.Language}.";
        if (!pair.Id.StartsWith(prefix, StringComparison.Ordinal) || pair.Id.Length == prefix.Length) yield return $"the id does not begin with {prefix} and a name.";
        if (!Kinds.Contains(pair.Kind)) yield return $"the kind {pair.Kind} is none of {string.Join(", ", Kinds)}.";
        if (string.IsNullOrWhiteSpace(pair.Clause)) yield return "it names no clause.";
        if (file.Category == Benign && pair.Unsafe.Length > 0) yield return "a file of harmless texts has an unsafe side.";
        if (file.Category != Benign && pair.Unsafe.Length < FewestTemplates) yield return $"the unsafe side has fewer than {FewestTemplates} templates.";
        if (pair.Safe.Length < FewestTemplates) yield return $"the safe side has fewer than {FewestTemplates} templates.";
        foreach (var (side, templates) in ((string, string[])[])[("unsafe", pair.Unsafe), ("safe", pair.Safe)])
        {
            for (var i = 0; i < templates.Length; i++)
            {
                if (!seen.Add(templates[i])) yield return $"{side} template {i + 1} stands in the file twice.";
                if (Fault(templates[i], file.Slots) is { } fault) yield return $"{side} template {i + 1}: {fault}";
            }
        }
    }

    private static string? Fault(string text, Dictionary<string, string[]> slots)
    {
        try
        {
            if (string.IsNullOrWhiteSpace(text)) return "It is empty.";
            _ = new Template(text, slots);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static IEnumerable<string> UsedSlots(CorpusFile file) =>
        file.Pairs.SelectMany(pair => pair.Unsafe.Concat(pair.Safe)).SelectMany(text => text.Split('{').Skip(1).Select(rest => rest.Split('}')[0]));
}
