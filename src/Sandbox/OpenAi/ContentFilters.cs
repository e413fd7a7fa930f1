using System.Text.Json;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>What Azure adds to OpenAI's format: the results of its own content filter for the prompt and for each choice.</summary>
public static class ContentFilters
{
    private static readonly string[] Categories = ["hate", "self_harm", "sexual", "violence"];

    /// <summary>The first frame of a stream: no choice, an empty name, the results for the prompt.</summary>
    public static void WriteOpening(Utf8JsonWriter json, int prompts = 1)
    {
        json.WriteStartArray("choices");
        json.WriteEndArray();
        json.WriteNumber("created", 0);
        json.WriteString("id", "");
        json.WriteString("model", "");
        json.WriteString("object", "");
        WritePrompts(json, prompts);
    }

    public static void WritePrompts(Utf8JsonWriter json, int prompts = 1)
    {
        json.WriteStartArray("prompt_filter_results");
        for (var prompt = 0; prompt < prompts; prompt++)
        {
            json.WriteStartObject();
            json.WriteNumber("prompt_index", prompt);
            WriteAnswer(json, isFiltered: false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteAnswer(Utf8JsonWriter json, bool isFiltered)
    {
        json.WriteStartObject("content_filter_results");
        foreach (var category in Categories)
        {
            json.WriteStartObject(category);
            json.WriteBoolean("filtered", isFiltered && category == "violence");
            json.WriteString("severity", isFiltered && category == "violence" ? "high" : "safe");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
