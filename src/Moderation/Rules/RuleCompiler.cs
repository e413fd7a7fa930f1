using System.Globalization;
using Aigc2d.Moderation.Normalisation;

namespace Aigc2d.Moderation.Rules;

/// <summary>Turns authored files into compiled rules, and refuses whatever could not work as written.</summary>
internal sealed class RuleCompiler
{
    /// <summary>How far apart, in letters, the ends of one match can be at most: screening cuts long texts into pieces that overlap by more than this.</summary>
    public const int LongestReach = 260;

    public const int LongestTerm = 48;

    /// <summary>The group of phrases in which words do not mean what they would mean alone: a bath bomb is no bomb.</summary>
    private const string Harmless = "harmless";

    private readonly Dictionary<string, List<string>> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private readonly List<(string Category, RuleEntry Entry)> _entries = [];
    private readonly Dictionary<string, int> _groupIds = new(StringComparer.Ordinal);
    private readonly List<string[]> _groupMembers = [];

    public void Add(RuleFile file)
    {
        if (file.Category is { } named && !Categories.All.Contains(named)) throw new FormatException($"{named} is no category.");
        foreach (var (group, terms) in file.Terms.Concat(file.Words))
        {
            if (!_groups.TryAdd(group, [.. terms])) throw new FormatException($"The group {group} is defined twice.");
        }

        foreach (var group in file.Words.Keys) _words.Add(group, file.Category ?? throw new FormatException($"The words {group} stand in a file without category."));

        foreach (var entry in file.Rules)
        {
            var category = file.Category ?? throw new FormatException($"The rule {entry.Id} stands in a file without category.");
            if (!entry.Id.StartsWith(category + ".", StringComparison.Ordinal)) throw new FormatException($"The rule {entry.Id} is not named after {category}.");
            _entries.Add((category, entry));
        }
    }

    public CompiledRules Finish()
    {
        if (_entries.GroupBy(e => e.Entry.Id).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new FormatException($"The rule {twice.Key} is defined twice.");
        var rules = _entries.Select((e, index) => Compile(index, e.Category, e.Entry)).ToArray();
        var harmless = _groups.ContainsKey(Harmless) ? Group(Harmless, Harmless) : -1;
        foreach (var group in _words.Keys) Group("words", group);
        var steps = new List<RuleStep>[_groupMembers.Count];
        for (var g = 0; g < steps.Length; g++) steps[g] = [];
        var partials = 0;
        foreach (var rule in rules)
        {
            if (rule.Counts.Length > 0)
                for (var step = 0; step < rule.Groups.Length; step++) steps[rule.Groups[step]].Add(new RuleStep(rule, step, -1, -1));
            else
                AddSequence(rule, steps, ref partials);
        }

        string[] names = [.. _groupMembers.Select(members => string.Join('|', members))];
        return new CompiledRules(rules, Terms([.. rules.SelectMany(r => r.Groups)]), [.. steps.Select(s => s.ToArray())], partials, names, [.. names.Select(name => _words.GetValueOrDefault(name))], harmless);
    }

    private static void AddSequence(CompiledRule rule, List<RuleStep>[] steps, ref int partials)
    {
        var before = -1;
        for (var step = rule.Groups.Length == 1 ? 0 : 1; step < rule.Groups.Length; step++)
        {
            var partial = step == rule.Groups.Length - 1 ? -1 : partials++;
            steps[rule.Groups[step]].Add(new RuleStep(rule, step, before, partial));
            before = partial;
        }
    }

    private CompiledRule Compile(int index, string category, RuleEntry entry)
    {
        var (groups, gaps, counts, within) = ParseMatch(entry);
        if (gaps.Sum() + within + groups.Length * LongestTerm > LongestReach) throw new FormatException($"The rule {entry.Id} reaches too far.");
        if (entry.UnlessWithin is < 0 or > 100) throw new FormatException($"The rule {entry.Id} looks too far for its exceptions.");
        if (string.IsNullOrWhiteSpace(entry.Clause)) throw new FormatException($"The rule {entry.Id} names no clause.");
        return new CompiledRule
        {
            Index = index,
            Id = entry.Id,
            Category = category,
            Clause = entry.Clause,
            Severity = entry.Severity,
            Action = entry.Action,
            Stages = entry.Stages,
            Strike = entry.Strike && entry.Action == RuleAction.Block && entry.Severity != Severity.P2,
            Groups = groups,
            Gaps = gaps,
            Counts = counts,
            Within = within,
            Unless = entry.Unless is { } unless ? Group(entry.Id, unless) : null,
            UnlessWithin = entry.UnlessWithin,
        };
    }

    private (int[] Groups, int[] Gaps, int[] Counts, int Within) ParseMatch(RuleEntry entry)
    {
        var parts = entry.Match.Split(' ');
        if (parts.Contains("&"))
        {
            if (parts is not [.., "within", var window]) throw new FormatException($"The rule {entry.Id} names no window.");
            var counted = string.Join(' ', parts[..^2]).Split(" & ").GroupBy(g => g).ToArray();
            if (counted.Any(g => g.Count() > HitRing.Capacity)) throw new FormatException($"The rule {entry.Id} wants too many hits of one group.");
            return ([.. counted.Select(g => Group(entry.Id, g.Key))], [], [.. counted.Select(g => g.Count())], Number(entry.Id, window));
        }

        if (parts.Length % 2 == 0) throw new FormatException($"The rule {entry.Id} has no readable match.");
        var groups = parts.Where((_, i) => i % 2 == 0).Select(g => Group(entry.Id, g)).ToArray();
        var gaps = parts.Where((_, i) => i % 2 == 1).Select(g => Number(entry.Id, g.TrimStart('<').TrimEnd('>'))).ToArray();
        return (groups, gaps, [], 0);
    }

    private static int Number(string rule, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw new FormatException($"{text} in the rule {rule} is no number.");

    private int Group(string rule, string name)
    {
        if (_groupIds.TryGetValue(name, out var id)) return id;
        var members = name.Split('|');
        if (members.FirstOrDefault(m => !_groups.ContainsKey(m)) is { } missing) throw new FormatException($"The group {missing} in the rule {rule} has no terms.");
        _groupMembers.Add(members);
        return _groupIds[name] = _groupMembers.Count - 1;
    }

    private Term[] Terms(HashSet<int> matched)
    {
        var groupsByTerm = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        for (var group = 0; group < _groupMembers.Count; group++)
        {
            foreach (var text in _groupMembers[group].SelectMany(m => _groups[m]))
            {
                if (text.Length is 0 or > LongestTerm) throw new FormatException($"A term of {text.Length} characters does not fit.");
                if (!groupsByTerm.TryGetValue(text, out var groups)) groupsByTerm[text] = groups = [];
                groups.Add(group);
            }
        }

        return [.. groupsByTerm.Select(t => new Term(Read(t.Key.TrimEnd('*')), t.Key.EndsWith('*'), [.. t.Value], [.. t.Value.Where(matched.Contains)]))];
    }

    private static string Read(string term)
    {
        var folded = new MappedText(LongestTerm * 2);
        new TextFold(term).Fill(folded);
        var words = new MappedText(LongestTerm * 2);
        WordReading.Write(folded, sourceIsFolded: true, words);
        return words.Chars.ToString();
    }
}
