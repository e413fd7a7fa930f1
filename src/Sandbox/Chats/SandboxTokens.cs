using System.Text;
using System.Text.Json;

namespace Aigc2d.Sandbox.Chats;

/// <summary>The sandbox's own tokenizer, easy to follow by hand: four characters are a token, a Chinese, Japanese or Korean character is one alone.</summary>
public static class SandboxTokens
{
    private const int CharactersPerToken = 4;
    private const int TokensPerMessage = 4; // role and framing
    private const int TokensForReply = 3;

    public static int Count(string text) => Walk(text, int.MaxValue).Tokens;

    /// <summary>The beginning of the text that is at most so many tokens long.</summary>
    public static string Take(string text, int maxTokens) => text[..Walk(text, maxTokens).Length];

    public static int CountPrompt(JsonElement messages, JsonElement? tools)
    {
        var tokens = TokensForReply;
        foreach (var message in messages.EnumerateArray())
        {
            tokens += TokensPerMessage + Count(TextOf(message));
        }

        return tokens + (tools is { } schema ? Count(schema.GetRawText()) : 0);
    }

    /// <summary>The text of a message, whether it is a string or parts; tool call arguments count too.</summary>
    public static string TextOf(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) return "";
        var text = new StringBuilder();
        if (message.TryGetProperty("content", out var content))
        {
            if (content.ValueKind == JsonValueKind.String) text.Append(content.GetString());
            else if (content.ValueKind == JsonValueKind.Array) AppendParts(text, content);
        }

        if (message.TryGetProperty("tool_calls", out var calls)) text.Append(calls.GetRawText());
        return text.ToString();
    }

    private static void AppendParts(StringBuilder text, JsonElement parts)
    {
        foreach (var part in parts.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var value) && value.ValueKind == JsonValueKind.String)
            {
                text.Append(value.GetString());
            }
        }
    }

    private static (int Tokens, int Length) Walk(string text, int maxTokens)
    {
        int tokens = 0, inToken = 0, length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var alone = rune.Value >= 0x2E80;
            var opens = alone || inToken is 0 or CharactersPerToken;
            if (opens && tokens == maxTokens) break;
            if (opens) (tokens, inToken) = (tokens + 1, 0);
            inToken = alone ? CharactersPerToken : inToken + 1;
            length += rune.Utf16SequenceLength;
        }

        return (tokens, length);
    }
}
