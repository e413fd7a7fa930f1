using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Refusals;

/// <summary>
/// Our categories for what the content rules of providers find, by their names. What is about the provider's own interests, as attempts to get round its rules
/// or copyright, is none of our categories.
/// </summary>
internal static class RefusalCategories
{
    /// <summary>The gravest of our categories among names that are joined by commas; null when no category is named.</summary>
    public static string? Of(string names) => names.Split(',').Select(OfOne).OfType<string>().OrderBy(Categories.SeverityOf).FirstOrDefault();

    private static string? OfOne(string name) => name switch
    {
        "hate" => "hate",
        "sexual" => "sexual",
        "violence" => "violence",
        "self_harm" => "self_harm",
        "cyber" => "malware",
        "bio" => "illegal",
        _ => null,
    };
}
