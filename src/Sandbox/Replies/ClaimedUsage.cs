using System.Globalization;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Replies;

/// <summary>Tokens as the sandbox claims them, as JSON numbers so that wrong ones can be claimed too. The prompt includes what was read from and written to the cache.</summary>
public sealed record ClaimedUsage(string PromptTokens, string CompletionTokens, int CachedTokens, int CacheWriteTokens, int ReasoningTokens)
{
    public string TotalTokens => Plus(PromptTokens, CompletionTokens);

    /// <summary>The prompt without the cache, as Anthropic counts; a wrong claim stays as wrong as it is.</summary>
    public string UncachedPromptTokens =>
        int.TryParse(PromptTokens, NumberStyles.None, CultureInfo.InvariantCulture, out var prompt) ? $"{Math.Max(0, prompt - CachedTokens - CacheWriteTokens)}" : PromptTokens;

    public static ClaimedUsage? Of(Script script, int promptTokens, int completionTokens = 0, int reasoningTokens = 0)
    {
        var prompt = $"{script.InputTokens ?? promptTokens}";
        var completion = $"{script.OutputTokens ?? completionTokens}";
        var honest = new ClaimedUsage(prompt, completion, script.CachedTokens, script.CacheWriteTokens, reasoningTokens);
        return script.Usage switch
        {
            "none" => null,
            "negative" => honest with { PromptTokens = "-5", CompletionTokens = "-7" },
            "fractional" => honest with { PromptTokens = prompt + ".5", CompletionTokens = completion + ".5" },
            "huge" => honest with { PromptTokens = "1000000000000", CompletionTokens = "2000000000000" },
            "zero" => new ClaimedUsage("0", "0", 0, 0, 0),
            _ => honest,
        };
    }

    /// <summary>What is claimed when so many pieces are out, for formats that say it with every frame.</summary>
    public ClaimedUsage SoFar(int pieces) =>
        int.TryParse(CompletionTokens, NumberStyles.None, CultureInfo.InvariantCulture, out var all) ? this with { CompletionTokens = $"{Math.Min(all, pieces)}" } : this;

    private static string Plus(string left, string right) =>
        (decimal.Parse(left, CultureInfo.InvariantCulture) + decimal.Parse(right, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
}
