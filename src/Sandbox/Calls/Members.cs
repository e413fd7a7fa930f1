using System.Text.Json;

namespace Aigc2d.Sandbox.Calls;

/// <summary>Members of a JSON object as requests are read: another kind than the wanted one counts as absent.</summary>
public static class Members
{
    public static JsonElement? Find(this JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    public static JsonElement? Find(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? FindText(this JsonElement parent, string name) => parent.Find(name, JsonValueKind.String)?.GetString();

    public static bool IsTrue(this JsonElement parent, string name) => parent.Find(name, JsonValueKind.True) is not null;

    public static int? FindInteger(this JsonElement parent, string name) =>
        parent.Find(name, JsonValueKind.Number) is { } number && number.TryGetInt32(out var value) ? value : null;

    /// <summary>The strings of a member that is a string or an array of strings.</summary>
    public static string[] FindTexts(this JsonElement parent, string name) => parent.Find(name) switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        _ => [],
    };
}
