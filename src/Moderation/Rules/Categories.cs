namespace Aigc2d.Moderation.Rules;

/// <summary>The categories of product.md §4, in its order.</summary>
public static class Categories
{
    public static readonly IReadOnlyList<string> All =
    [
        "child_safety", "trafficking", "terrorism", "malware", "intimate_nonconsensual", "sexual", "violence", "hate", "harassment", "self_harm", "deception",
        "illegal", "jurisdiction",
    ];
}
