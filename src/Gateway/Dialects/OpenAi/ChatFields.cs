using System.Collections.Frozen;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The chat fields that OpenAI documents, with the types they may have.</summary>
internal static class ChatFields
{
    private static readonly FrozenDictionary<string, (string Name, JsonTypes Types)> Known = new (string Name, JsonTypes Types)[]
    {
        ("model", JsonTypes.Text), ("messages", JsonTypes.Array), ("max_completion_tokens", JsonTypes.Integer), ("max_tokens", JsonTypes.Integer), ("n", JsonTypes.Integer),
        ("stream", JsonTypes.Boolean), ("stream_options", JsonTypes.Object), ("temperature", JsonTypes.Number), ("top_p", JsonTypes.Number),
        ("frequency_penalty", JsonTypes.Number), ("presence_penalty", JsonTypes.Number), ("logit_bias", JsonTypes.Object), ("logprobs", JsonTypes.Boolean),
        ("top_logprobs", JsonTypes.Integer), ("stop", JsonTypes.Text | JsonTypes.Array), ("seed", JsonTypes.Integer), ("tools", JsonTypes.Array),
        ("tool_choice", JsonTypes.Text | JsonTypes.Object), ("parallel_tool_calls", JsonTypes.Boolean), ("functions", JsonTypes.Array),
        ("function_call", JsonTypes.Text | JsonTypes.Object), ("response_format", JsonTypes.Object), ("modalities", JsonTypes.Array), ("audio", JsonTypes.Object),
        ("prediction", JsonTypes.Object), ("reasoning_effort", JsonTypes.Text), ("verbosity", JsonTypes.Text), ("web_search_options", JsonTypes.Object),
        ("service_tier", JsonTypes.Text), ("store", JsonTypes.Boolean), ("metadata", JsonTypes.Object), ("user", JsonTypes.Text), ("safety_identifier", JsonTypes.Text),
        ("prompt_cache_key", JsonTypes.Text), ("prompt_cache_options", JsonTypes.Object), ("prompt_cache_retention", JsonTypes.Text), ("moderation", JsonTypes.Object),
    }.ToFrozenDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);

    // Documented fields that a model reads as text, or whose texts reach it.
    private static readonly FrozenSet<string> Readable = FrozenSet.Create(StringComparer.Ordinal, "response_format", "prediction", "web_search_options", "tool_choice");

    /// <summary>The documented name that <paramref name="name"/> is mistaken for by a reader that ignores case; null when there is none.</summary>
    public static string? MisspeltName(string name) => Known.TryGetValue(name, out var known) && known.Name != name ? known.Name : null;

    /// <summary>The types that the field may have; null when nobody has documented it.</summary>
    public static JsonTypes? TypesOf(string name) => Known.TryGetValue(name, out var known) ? known.Types : null;

    /// <summary>Whether strings in the field may reach a model: those of fields that nobody has documented are taken to.</summary>
    public static bool MayHoldPrompt(string name) => !Known.ContainsKey(name) || Readable.Contains(name);
}
