using System.Text.Json;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>What a row is said to be. Files name categories with or without a separator: selfharm is self_harm.</summary>
internal sealed class RowLabels
{
    private static readonly Dictionary<string, int> Heads = Categories.All.Select((name, i) => (Name: Plain(name), i)).ToDictionary(c => c.Name, c => c.i, StringComparer.Ordinal);

    public string Language { get; private set; } = "";

    public string Kind { get; private set; } = "";

    /// <summary>Null when nobody says.</summary>
    public bool? Unsafe { get; private set; }

    /// <summary>A bit for each category, in the order of <see cref="Categories.All"/>.</summary>
    public int Mask { get; private set; }

    /// <summary>Names that are no category of ours.</summary>
    public List<string> Unknown { get; } = [];

    public string Label { get; private set; } = "";

    public static RowLabels Of(string language, string kind, bool isUnsafe, string? category) =>
        new() { Language = language, Kind = kind, Unsafe = isUnsafe, Mask = category is null ? 0 : 1 << Heads[Plain(category)] };

    /// <summary>Takes a member that is a label; false leaves the reader where it was.</summary>
    public bool TryTake(ref Utf8JsonReader reader, ref string? fault)
    {
        if (LooseString.IsName(ref reader, "lang"u8)) Language = Text(ref reader);
        else if (LooseString.IsName(ref reader, "kind"u8)) Kind = Text(ref reader);
        else if (LooseString.IsName(ref reader, "label"u8)) Label = Text(ref reader);
        else if (LooseString.IsName(ref reader, "unsafe"u8)) fault = TakeUnsafe(ref reader) ?? fault;
        else if (LooseString.IsName(ref reader, "cats"u8)) fault = TakeCategories(ref reader) ?? fault;
        else return false;
        return true;
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return LooseString.Read(ref reader);
        reader.Skip();
        return "";
    }

    private string? TakeUnsafe(ref Utf8JsonReader reader)
    {
        reader.Read();
        var isNumber = reader.TokenType == JsonTokenType.Number;
        if (isNumber && reader.TryGetDouble(out var number) && number is 0 or 1) Unsafe = number == 1;
        else if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) Unsafe = reader.TokenType == JsonTokenType.True;
        else if (reader.TokenType == JsonTokenType.Null) Unsafe = null;
        else
        {
            reader.Skip();
            return "has an unsafe that is neither 0, 1 nor null";
        }

        return null;
    }

    private string? TakeCategories(ref Utf8JsonReader reader)
    {
        (Mask, var isList) = (0, true);
        Unknown.Clear();
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return "has cats that are no list";
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String) isList = false;
            else if (LooseString.Read(ref reader) is var name && Heads.TryGetValue(Plain(name), out var head)) Mask |= 1 << head;
            else Unknown.Add(name);
            reader.Skip();
        }

        return isList ? null : "has cats that are no list of names";
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
