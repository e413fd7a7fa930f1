using System.Text;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Chats;

/// <summary>What will be answered, before it is written: the pieces of text or tool arguments, why it ends, what it claims to have used.</summary>
public sealed record ChatReply
{
    // 35 characters: nine tokens by the sandbox's own counting.
    private const string Greeting = "Hello! The sandbox is here to help.";
    private const string ToolArguments = """{"city":"Xi'an"}""";
    private static readonly string[] HarmlessWords = ["river", "stone", "garden", "window", "letter", "harbour", "lantern", "meadow", "copper", "thread"];

    public required string Id { get; init; }

    public required long Created { get; init; }

    public required string Model { get; init; }

    public required int Choices { get; init; }

    /// <summary>The text of every choice, cut into the chunks of a stream.</summary>
    public required string[] Pieces { get; init; }

    /// <summary>The tool that is called; null when the answer is text.</summary>
    public required string? ToolName { get; init; }

    public required string FinishReason { get; init; }

    /// <summary>The claimed usage; null when none is given.</summary>
    public required ClaimedUsage? Usage { get; init; }

    public static ChatReply Compose(ChatRequest request, long created)
    {
        var script = request.Model.Script;
        var toolName = script.Tools ? request.ToolName ?? "get_weather" : null;
        var full = toolName is null ? TextOf(request, script) : ToolArguments;
        var text = request.MaxTokens is { } max && toolName is null ? SandboxTokens.Take(full, max) : full;
        return new ChatReply
        {
            Id = $"chatcmpl-{Guid.CreateVersion7():N}",
            Created = created,
            Model = request.Model.Name,
            Choices = request.Choices,
            Pieces = Cut(text, script.Chunks),
            ToolName = toolName,
            FinishReason = script.Filter ? "content_filter" : toolName is not null ? "tool_calls" : text.Length < full.Length ? "length" : "stop",
            Usage = ClaimedUsage.Of(script, request.PromptTokens, SandboxTokens.Count(text) * request.Choices),
        };
    }

    private static string TextOf(ChatRequest request, Script script)
    {
        var text = script switch
        {
            { Text: { } given } => given,
            { Words: { } count } => string.Join(' ', Enumerable.Range(0, count).Select(i => HarmlessWords[i % HarmlessWords.Length])),
            { Echo: true } => request.LastUserText,
            _ => Greeting,
        };
        if (script.Chunks is not { } chunks || text.Length >= chunks || text.Length == 0) return text;

        var longer = new StringBuilder(text);
        while (longer.Length < chunks) longer.Append(' ').Append(text);
        return longer.ToString();
    }

    /// <summary>Into so many nearly equal pieces, or word by word.</summary>
    private static string[] Cut(string text, int? chunks)
    {
        if (text.Length == 0) return [];
        var starts = new List<int>();
        if (chunks is { } count)
        {
            var pieces = Math.Min(count, text.Length);
            for (var i = 0; i < pieces; i++) starts.Add((int)((long)i * text.Length / pieces));
        }
        else
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (i == 0 || text[i] == ' ') starts.Add(i);
            }
        }

        // A piece must not begin with the second half of a surrogate pair.
        starts.RemoveAll(i => char.IsLowSurrogate(text[i]));
        return [.. starts.Select((start, i) => text[start..(i + 1 < starts.Count ? starts[i + 1] : text.Length)])];
    }
}

/// <summary>Tokens as the sandbox claims them, as JSON numbers so that wrong ones can be claimed too.</summary>
public sealed record ClaimedUsage(string PromptTokens, string CompletionTokens, int CachedTokens)
{
    public static ClaimedUsage? Of(Script script, int promptTokens, int completionTokens)
    {
        var prompt = $"{script.InputTokens ?? promptTokens}";
        var completion = $"{script.OutputTokens ?? completionTokens}";
        return script.Usage switch
        {
            "none" => null,
            "negative" => new ClaimedUsage("-5", "-7", script.CachedTokens),
            "fractional" => new ClaimedUsage(prompt + ".5", completion + ".5", script.CachedTokens),
            "huge" => new ClaimedUsage("1000000000000", "2000000000000", script.CachedTokens),
            "zero" => new ClaimedUsage("0", "0", 0),
            _ => new ClaimedUsage(prompt, completion, script.CachedTokens),
        };
    }
}
