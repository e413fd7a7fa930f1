using Aigc2d.Moderation.Models;

namespace Aigc2d.Moderation.Training;

/// <summary>What a text is known to be, per head: yes, no, or not known, which teaches that head nothing.</summary>
internal static class Labels
{
    public const sbyte Yes = 1;
    public const sbyte No = 0;
    public const sbyte Unknown = -1;

    // A text that breaks the first may well break the others, and whoever labelled it looked for one thing.
    private static readonly Dictionary<string, string[]> Near = new(StringComparer.Ordinal)
    {
        ["child_safety"] = ["sexual", "intimate_nonconsensual", "trafficking", "violence", "illegal", "harassment"],
        ["trafficking"] = ["illegal", "violence", "sexual", "child_safety", "deception"],
        ["terrorism"] = ["violence", "hate", "illegal", "harassment"],
        ["malware"] = ["illegal", "deception"],
        ["intimate_nonconsensual"] = ["sexual", "harassment", "illegal", "deception", "child_safety"],
        ["sexual"] = ["intimate_nonconsensual", "harassment", "trafficking", "illegal"],
        ["violence"] = ["terrorism", "hate", "harassment", "illegal", "self_harm"],
        ["hate"] = ["harassment", "violence", "terrorism"],
        ["harassment"] = ["hate", "violence", "sexual", "illegal", "intimate_nonconsensual"],
        ["self_harm"] = ["violence"],
        ["deception"] = ["illegal", "harassment", "hate", "jurisdiction"],
        ["illegal"] = ["malware", "deception", "violence", "trafficking", "harassment", "terrorism"],
        ["jurisdiction"] = ["illegal", "deception", "terrorism"],
    };

    // Other names for our categories.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal) { ["selfharm"] = "self_harm", ["self-harm"] = "self_harm" };

    public static sbyte[] Safe() => new sbyte[Heads.Count];

    /// <summary>Unsafe, and nobody has said in which way.</summary>
    public static sbyte[] SomehowUnsafe()
    {
        var labels = new sbyte[Heads.Count];
        Array.Fill(labels, Unknown);
        labels[Heads.Unsafe] = Yes;
        return labels;
    }

    /// <summary>Breaks these categories. What is left to a jurisdiction is no violation everywhere.</summary>
    public static sbyte[] Breaking(IEnumerable<string> categories)
    {
        var labels = new sbyte[Heads.Count];
        var broken = categories.Select(Named).ToArray();
        foreach (var near in broken.SelectMany(category => Near[category])) labels[Heads.Of(near)] = Unknown;
        foreach (var category in broken) labels[Heads.Of(category)] = Yes;
        labels[Heads.Unsafe] = broken is ["jurisdiction"] ? Unknown : Yes;
        return labels;
    }

    /// <summary>The labels of a row; null when nothing is known.</summary>
    /// <exception cref="FormatException">It names a category that is unknown here.</exception>
    public static sbyte[]? Of(LabelledRow row) => row.Unsafe switch
    {
        0 => Safe(),
        1 => row.Cats.Length == 0 ? SomehowUnsafe() : Breaking(row.Cats),
        _ => null,
    };

    private static string Named(string category)
    {
        var name = Aliases.GetValueOrDefault(category, category);
        return Near.ContainsKey(name) ? name : throw new FormatException($"{category} is no category.");
    }
}
