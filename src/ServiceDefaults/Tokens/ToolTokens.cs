using System.Text.Json;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>What the definitions of tools add to a prompt, by the recipe that OpenAI has published; nested properties count like outer ones.</summary>
public static class ToolTokens
{
    private const int PerFunction = 7;
    private const int PerFunctionCl100k = 10;
    private const int PerProperties = 3;
    private const int PerProperty = 3;
    private const int OfEnum = -3;
    private const int PerEnumValue = 3;
    private const int AtTheEnd = 12;
    private const int ClaudeHiddenPrompt = 346;

    /// <summary>Counts an array of tools, or of bare functions as older clients send them.</summary>
    public static int Count(JsonElement tools, TokenCounter counter)
    {
        if (tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() == 0) return 0;

        var tokens = AtTheEnd;
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object) continue;
            var function = Member(tool, "function") ?? Member(tool, "custom") ?? tool;
            tokens += counter.IsCl100k ? PerFunctionCl100k : PerFunction;
            tokens += counter.Count($"{TextOf(function, "name")}:{TextOf(function, "description").TrimEnd('.')}");
            if ((Member(function, "parameters") ?? Member(function, "input_schema")) is { } parameters) tokens += OfSchema(parameters, counter);
            if (Member(function, "format") is { } format) tokens += counter.Count(format.GetRawText());
        }

        return tokens;
    }

    /// <summary>What a provider says that it adds to a prompt as soon as there is any tool (https://docs.anthropic.com/en/docs/tool-use-pricing-and-tokens).</summary>
    public static int HiddenPrompt(TokenCounter counter) => counter.IsClaude ? ClaudeHiddenPrompt : 0;

    private static int OfSchema(JsonElement schema, TokenCounter counter)
    {
        var tokens = 0;
        if (Member(schema, "properties") is { } properties && properties.EnumerateObject().Any())
        {
            tokens += PerProperties;
            foreach (var property in properties.EnumerateObject()) tokens += OfProperty(property.Name, property.Value, counter);
        }

        return Member(schema, "items") is { } items ? tokens + OfSchema(items, counter) : tokens;
    }

    private static int OfProperty(string name, JsonElement property, TokenCounter counter)
    {
        if (property.ValueKind != JsonValueKind.Object) return PerProperty + counter.Count(name);

        var tokens = PerProperty;
        if (property.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array)
        {
            tokens += OfEnum;
            foreach (var value in values.EnumerateArray()) tokens += PerEnumValue + counter.Count(value.ValueKind == JsonValueKind.String ? JsonText.Of(value) : value.GetRawText());
        }

        return tokens + counter.Count($"{name}:{TextOf(property, "type")}:{TextOf(property, "description").TrimEnd('.')}") + OfSchema(property, counter);
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string TextOf(JsonElement element, string name) => element.TryGetProperty(name, out var member) ? JsonText.Of(member) : "";
}
