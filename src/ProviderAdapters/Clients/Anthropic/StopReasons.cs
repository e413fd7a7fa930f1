namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Why a message ended, in Anthropic's words.</summary>
internal static class StopReasons
{
    public const string Refusal = "refusal";

    /// <summary>OpenAI's reason translated.</summary>
    /// <param name="finishReason">In OpenAI's words; null when none was given.</param>
    /// <param name="hasTools">Whether the message calls tools, which some providers do not say in the reason.</param>
    /// <param name="hasRefusal">Whether the message is a refusal in the model's own words.</param>
    public static string Of(string? finishReason, bool hasTools, bool hasRefusal) => finishReason switch
    {
        "content_filter" => Refusal,
        "length" => "max_tokens",
        _ when hasTools => "tool_use",
        _ => hasRefusal ? Refusal : "end_turn",
    };
}
