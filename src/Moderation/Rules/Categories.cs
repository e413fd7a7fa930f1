namespace Aigc2d.Moderation.Rules;

/// <summary>The categories of product.md §4, in its order.</summary>
public static class Categories
{
    public static readonly IReadOnlyList<string> All =
    [
        "child_safety", "trafficking", "terrorism", "malware", "intimate_nonconsensual", "sexual", "violence", "hate", "harassment", "self_harm", "deception",
        "illegal", "jurisdiction",
    ];

    private static readonly Dictionary<string, int> Indexes = All.Select((category, index) => (category, index)).ToDictionary(c => c.category, c => c.index, StringComparer.Ordinal);

    /// <summary>The place of a category in <see cref="All"/>, −1 for what is none.</summary>
    public static int IndexOf(string category) => Indexes.GetValueOrDefault(category, -1);

    /// <summary>Whether a category is P0, wholly or for what is operational: no policy lets its rules go.</summary>
    public static bool IsGravest(string category) => category is "child_safety" or "trafficking" or "terrorism" or "malware";

    /// <summary>How grave a category is where no rule says more: malware is P0 when it is operational, which only a rule can tell.</summary>
    public static Severity SeverityOf(string category) => category switch
    {
        "child_safety" or "trafficking" or "terrorism" => Severity.P0,
        "jurisdiction" => Severity.P2,
        _ => Severity.P1,
    };
}
