using System.Collections.Frozen;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>
/// The names that providers have for what their content rules find. Only these are passed on: any other word in that place may be the prompt's.
/// Azure: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter. Anthropic: <c>stop_details.category</c>.
/// </summary>
internal static class RefusedFor
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "hate", "sexual", "violence", "self_harm", "jailbreak", "indirect_attack", "profanity", "protected_material_text", "protected_material_code",
        "cyber", "bio", "frontier_llm", "reasoning_extraction", "general_harms");

    /// <summary>The known ones of these names, joined by commas; null when there are none.</summary>
    public static string? Of(params IEnumerable<string?> names) => string.Join(',', names.Where(name => name is not null && Names.Contains(name))) is { Length: > 0 } known ? known : null;
}
