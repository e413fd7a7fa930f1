using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aigc2d.Billing.Tests.FinanceFeed;

/// <summary>The part of JSON Schema that the feed's schemas use. A keyword that it does not know is a failure, and so is a member that no schema names.</summary>
internal static class JsonSchemaCheck
{
    private static readonly HashSet<string> Words = ["$schema", "title", "description"];

    /// <summary>What is wrong with a value, each with its path; empty when it is valid.</summary>
    public static IEnumerable<string> Faults(JsonElement schema, JsonElement value, string path = "$") =>
        schema.EnumerateObject().Where(keyword => !Words.Contains(keyword.Name)).SelectMany(keyword => Check(schema, keyword.Name, keyword.Value, value, path));

    private static IEnumerable<string> Check(JsonElement schema, string keyword, JsonElement rule, JsonElement value, string path) => keyword switch
    {
        "type" => When(!(rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Select(type => type.GetString()) : [rule.GetString()]).Any(type => Is(type!, value)), $"{path} is no {rule.GetRawText()}"),
        "const" => When(!JsonElement.DeepEquals(rule, value), $"{path} is not {rule.GetRawText()}"),
        "enum" => When(!rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{path} is none of {rule.GetRawText()}"),
        "minimum" => When(value.ValueKind == JsonValueKind.Number && value.GetDecimal() < rule.GetDecimal(), $"{path} is below {rule.GetRawText()}"),
        "maximum" => When(value.ValueKind == JsonValueKind.Number && value.GetDecimal() > rule.GetDecimal(), $"{path} is above {rule.GetRawText()}"),
        "pattern" => When(value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, rule.GetString()!), $"{path} does not match {rule.GetRawText()}"),
        "format" => When(value.ValueKind == JsonValueKind.String && !HasFormat(rule.GetString()!, value.GetString()!), $"{path} is no {rule.GetRawText()}"),
        "required" => value.ValueKind == JsonValueKind.Object
            ? rule.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{path}.{name.GetString()} is missing")
            : [],
        "properties" => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().SelectMany(member => Member(rule, member, path)) : [],
        "items" => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany((item, i) => Faults(rule, item, $"{path}[{i}]")) : [],
        _ => throw new NotSupportedException($"The keyword {keyword} at {path} is not checked: {schema.GetRawText()}"),
    };

    private static IEnumerable<string> Member(JsonElement properties, JsonProperty member, string path) =>
        properties.TryGetProperty(member.Name, out var schema) ? Faults(schema, member.Value, $"{path}.{member.Name}") : [$"{path}.{member.Name} is in no schema"];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"The type {type} is not checked."),
    };

    private static bool HasFormat(string format, string text) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date-time" => text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => throw new NotSupportedException($"The format {format} is not checked."),
    };

    private static string[] When(bool isWrong, string fault) => isWrong ? [fault] : [];
}
