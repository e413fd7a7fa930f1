namespace Aigc2d.Moderation.Providers;

/// <summary>
/// Our categories for those of OpenAI's moderation (https://platform.openai.com/docs/guides/moderation, "Content classifications"). Names that are not here
/// are kinds that OpenAI may add: they count as <c>illegal</c>, so that what a provider flags is never lost.
/// </summary>
internal static class ProviderCategories
{
    private const string Unknown = "illegal";

    public static string Of(string name) => name switch
    {
        "sexual" => "sexual",
        "sexual/minors" => "child_safety",
        "harassment" or "harassment/threatening" => "harassment",
        "hate" or "hate/threatening" => "hate",
        "illicit" or "illicit/violent" => "illegal",
        "self-harm" or "self-harm/intent" or "self-harm/instructions" => "self_harm",
        "violence" or "violence/graphic" => "violence",
        _ => Unknown,
    };

    /// <summary>Whether somebody may be in distress rather than asking how or urging others.</summary>
    public static bool IsDistress(string name) => name is "self-harm" or "self-harm/intent";
}
