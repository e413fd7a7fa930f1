using System.Text.Json;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.Replies;

/// <summary>A text that is sent in, and its tokens. Whoever sends token ids has counted already; as a text they are told by their numbers.</summary>
public sealed record TextInput(string Text, int Tokens)
{
    public static TextInput Of(string text) => new(text, SandboxTokens.Count(text));

    /// <summary>The inputs of a member in any form that OpenAI takes: a text, texts, the token ids of one text, those of many.</summary>
    /// <exception cref="RequestRefusedException">It is none of them.</exception>
    public static TextInput[] ReadAll(JsonElement value, string member)
    {
        if (value.ValueKind == JsonValueKind.String) return [Of(value.GetString()!)];

        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [];
        return items switch
        {
            [] => throw Refused(member),
            [{ ValueKind: JsonValueKind.Number }, ..] => [OfIds(value, member)],
            [{ ValueKind: JsonValueKind.Array }, ..] => [.. items.Select(item => OfIds(item, member))],
            _ => [.. items.Select(item => item.ValueKind == JsonValueKind.String ? Of(item.GetString()!) : throw Refused(member))],
        };
    }

    private static TextInput OfIds(JsonElement value, string member)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) throw Refused(member);
        var ids = new List<int>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var id) || id < 0) throw Refused(member);
            ids.Add(id);
        }

        return new TextInput(string.Join(' ', ids), ids.Count);
    }

    private static RequestRefusedException Refused(string member) => new($"'$.{member}' is invalid.") { Param = member };
}
