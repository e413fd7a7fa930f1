using System.Collections.Frozen;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The names of chat fields that OpenAI documents.</summary>
internal static class ChatFields
{
    private static readonly FrozenDictionary<string, string> Known = new[]
    {
        "model", "messages", "max_completion_tokens", "max_tokens", "n", "stream", "stream_options", "temperature", "top_p", "frequency_penalty",
        "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "stop", "seed", "tools", "tool_choice", "parallel_tool_calls", "functions",
        "function_call", "response_format", "modalities", "audio", "prediction", "reasoning_effort", "verbosity", "web_search_options", "service_tier",
        "store", "metadata", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "moderation",
    }.ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    // Documented fields that a model reads as text, or whose texts reach it.
    private static readonly FrozenSet<string> Readable = FrozenSet.Create(StringComparer.Ordinal, "response_format", "prediction", "web_search_options", "tool_choice");

    /// <summary>The documented name that <paramref name="name"/> is mistaken for by a reader that ignores case; null when there is none.</summary>
    public static string? MisspeltName(string name) => Known.TryGetValue(name, out var known) && known != name ? known : null;

    /// <summary>Whether strings in the field may reach a model: those of fields that nobody has documented are taken to.</summary>
    public static bool MayHoldPrompt(string name) => !Known.ContainsKey(name) || Readable.Contains(name);
}
