using System.Collections.Frozen;

namespace Aigc2d.Gateway.Dialects;

/// <summary>
/// What the documented fields may be that no reader looks into. Told here in one place for all dialects: where they differ, a field may be what it
/// is in any of them.
/// </summary>
internal static class FieldTypes
{
    private static readonly FrozenDictionary<string, FieldType> Known = new Dictionary<string, FieldType>(StringComparer.Ordinal)
    {
        ["audio"] = new(JsonTypes.Object),
        ["best_of"] = new(JsonTypes.Integer, 0, 20),
        ["cache_control"] = new(JsonTypes.Object),
        ["dimensions"] = new(JsonTypes.Integer, 1, int.MaxValue),
        ["echo"] = new(JsonTypes.Boolean),
        ["encoding_format"] = new(JsonTypes.Text),
        ["frequency_penalty"] = new(JsonTypes.Number),
        ["function_call"] = new(JsonTypes.Text | JsonTypes.Object),
        ["logit_bias"] = new(JsonTypes.Object),
        ["logprobs"] = new(JsonTypes.Boolean | JsonTypes.Integer, 0, 20),
        ["metadata"] = new(JsonTypes.Object),
        ["modalities"] = new(JsonTypes.Array),
        ["moderation"] = new(JsonTypes.Object),
        ["output_config"] = new(JsonTypes.Object),
        ["parallel_tool_calls"] = new(JsonTypes.Boolean),
        ["prediction"] = new(JsonTypes.Object),
        ["presence_penalty"] = new(JsonTypes.Number),
        ["prompt_cache_key"] = new(JsonTypes.Text),
        ["prompt_cache_options"] = new(JsonTypes.Object),
        ["prompt_cache_retention"] = new(JsonTypes.Text),
        ["reasoning_effort"] = new(JsonTypes.Text),
        ["response_format"] = new(JsonTypes.Object),
        ["safety_identifier"] = new(JsonTypes.Text),
        ["seed"] = new(JsonTypes.Integer),
        ["service_tier"] = new(JsonTypes.Text),
        ["stop"] = new(JsonTypes.Text | JsonTypes.Array),
        ["stop_sequences"] = new(JsonTypes.Array),
        ["store"] = new(JsonTypes.Boolean),
        ["suffix"] = new(JsonTypes.Text),
        ["temperature"] = new(JsonTypes.Number),
        ["thinking"] = new(JsonTypes.Object),
        ["tool_choice"] = new(JsonTypes.Text | JsonTypes.Object),
        ["top_k"] = new(JsonTypes.Integer, 0, int.MaxValue),
        ["top_logprobs"] = new(JsonTypes.Integer, 0, 20),
        ["top_p"] = new(JsonTypes.Number),
        ["user"] = new(JsonTypes.Text),
        ["verbosity"] = new(JsonTypes.Text),
        ["web_search_options"] = new(JsonTypes.Object),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether the member that the walker stands at is what it may be, with a refusal when it is not.</summary>
    public static bool Fit(ref JsonWalker json) => !Known.TryGetValue(json.Name, out var type) || json.Is(type);
}
