using System.Text.Json;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Chats;

/// <summary>What the sandbox reads of a chat request.</summary>
public sealed record ChatRequest
{
    public required ScriptedModel Model { get; init; }

    public required bool Stream { get; init; }

    public required bool IncludeUsage { get; init; }

    public required int Choices { get; init; }

    public required int? MaxTokens { get; init; }

    public required int PromptTokens { get; init; }

    public required string LastUserText { get; init; }

    /// <summary>The name of the first tool that the request offers.</summary>
    public required string? ToolName { get; init; }

    /// <exception cref="FormatException">The body is not a chat request; the message says why.</exception>
    public static ChatRequest Parse(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new FormatException("The body must be a JSON object.");
            var model = Member(root, "model", JsonValueKind.String)?.GetString() ?? throw new FormatException("you must provide a model parameter");
            var messages = Member(root, "messages", JsonValueKind.Array) ?? throw new FormatException("Missing required parameter: 'messages'.");
            var tools = Member(root, "tools", JsonValueKind.Array);
            var streamOptions = Member(root, "stream_options", JsonValueKind.Object);
            return new ChatRequest
            {
                Model = ScriptedModel.Parse(model),
                Stream = root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
                IncludeUsage = streamOptions?.TryGetProperty("include_usage", out var usage) == true && usage.ValueKind == JsonValueKind.True,
                Choices = Member(root, "n", JsonValueKind.Number)?.GetInt32() ?? 1,
                MaxTokens = (Member(root, "max_completion_tokens", JsonValueKind.Number) ?? Member(root, "max_tokens", JsonValueKind.Number))?.GetInt32(),
                PromptTokens = SandboxTokens.CountPrompt(messages, tools),
                LastUserText = messages.EnumerateArray().LastOrDefault(IsFromUser) is { ValueKind: JsonValueKind.Object } last ? SandboxTokens.TextOf(last) : "",
                ToolName = tools is { } list && list.GetArrayLength() > 0 && list[0].TryGetProperty("function", out var function)
                    ? function.GetProperty("name").GetString() : null,
            };
        }
        catch (JsonException)
        {
            throw new FormatException("We could not parse the JSON body of your request.");
        }
    }

    private static bool IsFromUser(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueEquals("user");

    private static JsonElement? Member(JsonElement root, string name, JsonValueKind kind) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
