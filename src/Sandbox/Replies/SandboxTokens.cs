using System.Text;
using System.Text.Json;

namespace Aigc2d.Sandbox.Replies;

/// <summary>The sandbox's own tokenizer, easy to follow by hand: four characters are a token, a Chinese, Japanese or Korean character is one alone.</summary>
public static class SandboxTokens
{
    private const int CharactersPerToken = 4;
    private const int TokensPerMessage = 4; // role and framing
    private const int TokensForReply = 3;

    public static int Count(string text) => Walk(text, int.MaxValue).Tokens;

    /// <summary>The beginning of the text that is at most so many tokens long.</summary>
    public static string Take(string text, int maxTokens) => text[..Walk(text, maxTokens).Length];

    /// <summary>The prompt: its messages, a system text that stands beside them counted as one, and the tools.</summary>
    public static int CountPrompt(JsonElement messages, JsonElement? tools, string? system = null)
    {
        var tokens = TokensForReply;
        foreach (var message in messages.EnumerateArray()) tokens += TokensPerMessage + Count(TextOf(message));
        if (!string.IsNullOrEmpty(system)) tokens += TokensPerMessage + Count(system);
        return tokens + (tools is { } schema ? Count(schema.GetRawText()) : 0);
    }

    /// <summary>The text of the last message that the user wrote.</summary>
    public static string LastUserText(JsonElement messages) =>
        messages.EnumerateArray().LastOrDefault(IsFromUser) is { ValueKind: JsonValueKind.Object } last ? TextOf(last) : "";

    /// <summary>The text of a message, whether it is a string or parts; tool calls and results count too.</summary>
    public static string TextOf(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object) return "";
        var text = new StringBuilder();
        if (message.TryGetProperty("content", out var content)) AppendContent(text, content);
        if (message.TryGetProperty("tool_calls", out var calls)) text.Append(calls.GetRawText());
        if (message.TryGetProperty("function_call", out var call)) text.Append(call.GetRawText());
        return text.ToString();
    }

    /// <summary>The text of a string or of content parts.</summary>
    public static string TextOfContent(JsonElement content)
    {
        var text = new StringBuilder();
        AppendContent(text, content);
        return text.ToString();
    }

    private static bool IsFromUser(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueEquals("user");

    private static void AppendContent(StringBuilder text, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) text.Append(content.GetString());
        if (content.ValueKind != JsonValueKind.Array) return;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object) continue;
            if (part.TryGetProperty("text", out var value) && value.ValueKind == JsonValueKind.String) text.Append(value.GetString());
            if (part.TryGetProperty("content", out var nested)) AppendContent(text, nested);
            if (part.TryGetProperty("input", out var input)) text.Append(input.GetRawText());
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
