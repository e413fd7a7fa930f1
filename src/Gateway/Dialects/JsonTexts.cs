using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Aigc2d.Gateway.Dialects;

/// <summary>What a JSON value says: its strings and names, line by line, without the words of the format, and about how many tokens the rest of it is.</summary>
/// <param name="Text">The text to screen; a line break counts as much as the punctuation that it stands for.</param>
/// <param name="WordTokens">The words of the format with their punctuation.</param>
/// <param name="ValueTokens">Numbers and truth values, and what is longer than a word of the format or an id ever is.</param>
internal readonly record struct JsonTexts(string Text, long WordTokens, long ValueTokens)
{
    private const int TokensPerWord = 2;
    private const int LongestWord = 64;

    // Words of the format itself: they are the same in every tool and would drown what the customer wrote.
    private static readonly FrozenSet<string> FormatWords = FrozenSet.Create(
        StringComparer.Ordinal,
        "type", "id", "function", "custom", "name", "description", "parameters", "input_schema", "properties", "required", "items", "enum", "strict",
        "additionalProperties", "arguments", "anyOf", "allOf", "oneOf", "json_schema", "schema", "format", "content", "text");

    /// <summary>Takes the value that the walker stands at.</summary>
    public static JsonTexts Gather(ref JsonWalker json)
    {
        var text = new StringBuilder();
        long words = 0, values = 0;
        Gather(ref json, text, ref words, ref values);
        return new(text.ToString(), words, values);
    }

    private static void Gather(ref JsonWalker json, StringBuilder text, ref long words, ref long values)
    {
        switch (json.Token)
        {
            case JsonTokenType.StartObject:
                while (json.NextMember()) GatherMember(ref json, text, ref words, ref values);
                break;
            case JsonTokenType.StartArray:
                while (json.NextElement()) Gather(ref json, text, ref words, ref values);
                break;
            case JsonTokenType.String:
                Append(text, json.Text()!);
                break;
            default:
                values += TokensPerWord + Excess(json.RawText.Length);
                break;
        }
    }

    private static void GatherMember(ref JsonWalker json, StringBuilder text, ref long words, ref long values)
    {
        if (FormatWords.Contains(json.Name)) words += TokensPerWord;
        else Append(text, json.Name);

        if (json.Name is "type" or "id" && json.Token == JsonTokenType.String)
        {
            words += TokensPerWord;
            values += Excess(json.RawText.Length);
        }
        else
        {
            Gather(ref json, text, ref words, ref values);
        }
    }

    private static long Excess(int length) => Math.Max(0, length - LongestWord) / 2;

    private static void Append(StringBuilder text, string piece)
    {
        if (piece.Length == 0) return;

        if (text.Length > 0) text.Append('\n');
        text.Append(piece);
    }
}
