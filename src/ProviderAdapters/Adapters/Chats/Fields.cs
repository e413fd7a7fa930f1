using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.Chats;

/// <summary>Reads members of a JSON object; null counts as absent, a value of another type is refused by its path.</summary>
internal static class Fields
{
    public static JsonElement? Member(JsonElement parent, string name)
    {
        try
        {
            return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Found by looking for any name: another one beside it is half of a surrogate pair.
            throw new UntranslatableException(name, "stands beside a member whose name is not valid text.");
        }
    }

    public static string? Text(JsonElement parent, string name, string? path = null)
    {
        return Member(parent, name) is { } value ? TextOf(value, PathOf(path, name)) : null;
    }

    /// <summary>A value that must be a string.</summary>
    public static string TextOf(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String) throw new UntranslatableException(path, "must be a string.");
        return Valid(value, path, static value => value.GetString()!);
    }

    /// <summary>Any value as the JSON text that it is.</summary>
    public static string JsonOf(JsonElement value, string path) => Valid(value, path, static value => value.GetRawText());

    public static string Required(JsonElement parent, string name, string path) => Text(parent, name, path) ?? throw new UntranslatableException(PathOf(path, name), "is missing.");

    public static bool? Flag(JsonElement parent, string name, string? path = null) => Member(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new UntranslatableException(PathOf(path, name), "must be true or false."),
    };

    public static double? Number(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        _ => throw new UntranslatableException(name, "must be a number."),
    };

    public static int? Whole(JsonElement parent, string name) => Member(parent, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) && number > 0 => number,
        _ => throw new UntranslatableException(name, "must be a whole number above 0."),
    };

    /// <summary>The items of an array, each with its path.</summary>
    public static IEnumerable<(JsonElement Item, string Path)> Items(JsonElement array, string path) =>
        array.ValueKind == JsonValueKind.Array ? array.EnumerateArray().Select((item, i) => (item, $"{path}[{i}]")) : throw new UntranslatableException(path, "must be an array.");

    // Bytes that are no UTF-8, and halves of surrogate pairs, are found when they become text.
    private static string Valid(JsonElement value, string path, Func<JsonElement, string> read)
    {
        try
        {
            return read(value);
        }
        catch (InvalidOperationException)
        {
            throw new UntranslatableException(path, "is not valid text.");
        }
    }

    private static string PathOf(string? path, string name) => path is null ? name : $"{path}.{name}";
}
