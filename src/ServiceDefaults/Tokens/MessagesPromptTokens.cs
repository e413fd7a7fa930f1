using System.Runtime.InteropServices;
using System.Text.Json;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>Counts the prompt of a request in Anthropic's dialect: the system prompt, turns with their framing, images and documents, tools, a schema for the answer.</summary>
public static class MessagesPromptTokens
{
    /// <summary>Tokens of the prompt; null when the body is not JSON of this kind.</summary>
    /// <param name="body">The request as the client sent it.</param>
    /// <param name="provider">The provider that was asked, for example <c>anthropic</c>; null when none was.</param>
    /// <param name="model">The model as the provider calls it.</param>
    public static int? Count(ReadOnlyMemory<byte> body, string? provider, string model)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array) return null;

            var counter = TokenCounter.For(provider, model);
            long tokens = counter.HasChatOverhead ? PromptFraming.BeforeTheAnswer : 0;
            if (root.TryGetProperty("system", out var system)) tokens += PerMessage(counter) + OfContent(system, counter, model);
            foreach (var message in messages.EnumerateArray())
            {
                tokens += PerMessage(counter);
                if (Member(message, "content") is { } content) tokens += OfContent(content, counter, model);
            }

            if (root.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0)
            {
                tokens += counter.Count(tools.GetRawText()) + ToolTokens.HiddenPrompt(counter);
            }

            if (Member(root, "output_config") is { } config && Member(config, "format") is { } format) tokens += PromptFraming.PerAnswerSchema + counter.Count(format.GetRawText());
            return (int)Math.Min(int.MaxValue, tokens);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int PerMessage(TokenCounter counter) => counter.HasChatOverhead ? PromptFraming.PerMessage : 0;

    private static long OfContent(JsonElement content, TokenCounter counter, string model)
    {
        if (content.ValueKind != JsonValueKind.Array) return counter.Count(JsonText.Of(content));

        long tokens = 0;
        foreach (var block in content.EnumerateArray())
        {
            if (block.ValueKind == JsonValueKind.Object) tokens += OfBlock(block, counter, model);
        }

        return tokens;
    }

    private static long OfBlock(JsonElement block, TokenCounter counter, string model)
    {
        long tokens = 0;
        foreach (var member in block.EnumerateObject())
        {
            tokens += member.Name switch
            {
                "text" or "thinking" or "name" or "title" or "context" => counter.Count(JsonText.Of(member.Value)),
                "content" => OfContent(member.Value, counter, model),
                "input" => PromptFraming.PerToolCall + counter.Count(member.Value.GetRawText()),
                "tool_use_id" => PromptFraming.PerToolCallId,
                "source" => OfSource(member.Value, IsImage(block), counter, model),
                _ => 0,
            };
        }

        return tokens;
    }

    private static long OfSource(JsonElement source, bool isImage, TokenCounter counter, string model)
    {
        // Of a search result it is where it was found.
        if (source.ValueKind != JsonValueKind.Object) return counter.Count(JsonText.Of(source));
        if (isImage) return ImageTokens.Count(model, SizeOf(source) ?? ImageTokens.Unread, isLowDetail: false);
        if (Member(source, "content") is { } content) return OfContent(content, counter, model);
        return Member(source, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("text"u8) && Member(source, "data") is { } text
            ? counter.Count(JsonText.Of(text))
            : PromptFraming.PerFile;
    }

    private static bool IsImage(JsonElement block) => Member(block, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("image"u8);

    private static ImageSize? SizeOf(JsonElement source) =>
        Member(source, "data") is { ValueKind: JsonValueKind.String } data ? InlineImage.SizeOfBase64(JsonMarshal.GetRawUtf8Value(data)[1..^1]) : null;

    private static JsonElement? Member(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : null;
}
