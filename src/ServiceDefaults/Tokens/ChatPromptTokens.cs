using System.Runtime.InteropServices;
using System.Text.Json;

namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>Counts the prompt of a chat request in OpenAI's dialect: messages with their framing, images, tools, a schema for the answer.</summary>
public static class ChatPromptTokens
{
    /// <summary>Tokens of the prompt; null when the body is not JSON of this kind.</summary>
    /// <param name="body">The request as the client sent it.</param>
    /// <param name="provider">The provider that was asked, for example <c>openai</c>; null when none was.</param>
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
            foreach (var message in messages.EnumerateArray()) tokens += OfMessage(message, counter, model);
            if (root.TryGetProperty("tools", out var tools)) tokens += ToolTokens.Count(tools, counter);
            if (root.TryGetProperty("functions", out var functions)) tokens += ToolTokens.Count(functions, counter);
            if (root.TryGetProperty("response_format", out var format)) tokens += OfAnswerFormat(format, counter);
            return (int)Math.Min(int.MaxValue, tokens);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Broken, or with a member whose name is no text.
            return null;
        }
    }

    /// <summary>Tokens of a prompt of plain messages, given by their texts.</summary>
    /// <param name="messages">The text of each message.</param>
    /// <param name="provider">The provider that was asked; null when none was.</param>
    /// <param name="model">The model as the provider calls it.</param>
    public static int Count(IReadOnlyCollection<string> messages, string? provider, string model)
    {
        var counter = TokenCounter.For(provider, model);
        var framing = counter.HasChatOverhead ? PromptFraming.BeforeTheAnswer + ((long)messages.Count * PromptFraming.PerMessage) : 0;
        return (int)Math.Min(int.MaxValue, framing + messages.Sum(text => (long)counter.Count(text)));
    }

    private static long OfMessage(JsonElement message, TokenCounter counter, string model)
    {
        if (message.ValueKind != JsonValueKind.Object) return 0;

        long tokens = counter.HasChatOverhead ? PromptFraming.PerMessage : 0;
        if (message.TryGetProperty("content", out var content)) tokens += OfContent(content, counter, model);
        if (message.TryGetProperty("refusal", out var refusal)) tokens += counter.Count(JsonText.Of(refusal));
        if (message.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String) tokens += PromptFraming.PerName + counter.Count(JsonText.Of(name));
        if (message.TryGetProperty("tool_call_id", out _)) tokens += PromptFraming.PerToolCallId;
        if (message.TryGetProperty("function_call", out var function)) tokens += OfCall(function, counter);
        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in calls.EnumerateArray())
            {
                if (call.ValueKind == JsonValueKind.Object && (call.TryGetProperty("function", out var called) || call.TryGetProperty("custom", out called))) tokens += OfCall(called, counter);
            }
        }

        return tokens;
    }

    private static long OfContent(JsonElement content, TokenCounter counter, string model)
    {
        if (content.ValueKind != JsonValueKind.Array) return counter.Count(JsonText.Of(content));

        long tokens = 0;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object) continue;
            if (part.TryGetProperty("text", out var text)) tokens += counter.Count(JsonText.Of(text));
            if (part.TryGetProperty("refusal", out var refusal)) tokens += counter.Count(JsonText.Of(refusal));
            if (part.TryGetProperty("image_url", out var image)) tokens += OfImage(image, model);
            if (part.TryGetProperty("input_audio", out _)) tokens += PromptFraming.PerAudio;
            if (part.TryGetProperty("file", out _)) tokens += PromptFraming.PerFile;
        }

        return tokens;
    }

    private static long OfCall(JsonElement call, TokenCounter counter)
    {
        if (call.ValueKind != JsonValueKind.Object) return 0;

        long tokens = PromptFraming.PerToolCall;
        foreach (var member in call.EnumerateObject())
        {
            if (member.Name is "name" or "arguments" or "input") tokens += counter.Count(JsonText.Of(member.Value));
        }

        return tokens;
    }

    private static long OfAnswerFormat(JsonElement format, TokenCounter counter) =>
        format.ValueKind == JsonValueKind.Object && format.TryGetProperty("json_schema", out var schema)
            ? PromptFraming.PerAnswerSchema + counter.Count(JsonSerializer.Serialize(schema))
            : 0;

    private static int OfImage(JsonElement image, string model)
    {
        if (image.ValueKind != JsonValueKind.Object || !image.TryGetProperty("url", out var url) || url.ValueKind != JsonValueKind.String) return 0;

        var isLowDetail = image.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String && detail.ValueEquals("low"u8);
        return ImageTokens.Count(model, InlineImage.SizeOfDataUrl(JsonMarshal.GetRawUtf8Value(url)[1..^1]) ?? ImageTokens.Unread, isLowDetail);
    }
}
