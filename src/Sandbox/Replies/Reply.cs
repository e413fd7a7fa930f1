using System.Text;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Replies;

/// <summary>Why an answer ends.</summary>
public enum Ending
{
    Natural,
    StopText,
    Length,
    Calls,
    Filter,
}

/// <summary>A tool that is called: a suffix for its id, its name, its arguments as JSON text.</summary>
public sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>What will be answered, in no format yet: thinking, text, calls, their pieces, why it ends, what it claims to have used.</summary>
public sealed record Reply
{
    // 35 characters: nine tokens by the sandbox's own counting.
    private const string Greeting = "Hello! The sandbox is here to help.";
    private const string DefaultArguments = """{"city":"Xi'an"}""";
    private static readonly string[] HarmlessWords = ["river", "stone", "garden", "window", "letter", "harbour", "lantern", "meadow", "copper", "thread"];

    public required ChatRequest Request { get; init; }

    public required Script Script { get; init; }

    /// <summary>Unique; the formats put their prefix before it.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string Thinking { get; init; }

    public required string Text { get; init; }

    public required ToolCall[] Calls { get; init; }

    public required Piece[] Pieces { get; init; }

    public required Ending Ending { get; init; }

    /// <summary>The stop text that was met.</summary>
    public required string? StopText { get; init; }

    /// <summary>The claimed usage; null when none is given.</summary>
    public required ClaimedUsage? Usage { get; init; }

    public long CreatedSeconds => Created.ToUnixTimeSeconds();

    public static Reply Compose(ScriptedCall call, ChatRequest request)
    {
        var script = call.Script;
        var id = Guid.CreateVersion7().ToString("N");
        var thinking = Words(script.ReasoningTokens * 4)[..(script.ReasoningTokens * 4)]; // four characters are a token
        var full = TextOf(request, script);
        var stop = request.Stops.FirstOrDefault(text => text.Length > 0 && full.Contains(text, StringComparison.Ordinal));
        var unstopped = stop is null ? full : full[..full.IndexOf(stop, StringComparison.Ordinal)];
        var text = request.MaxTokens is { } max ? SandboxTokens.Take(unstopped, Math.Max(0, max - script.ReasoningTokens)) : unstopped;
        string[] names = request.ToolNames.Length == 0 ? ["get_weather"] : request.ToolNames;
        var calls = Enumerable.Range(0, script.Tools)
            .Select(i => new ToolCall($"{i}_{id[^8..]}", names[i % names.Length], script.ToolArguments ?? DefaultArguments)).ToArray();
        var tokens = SandboxTokens.Count(text) + calls.Sum(one => SandboxTokens.Count(one.Arguments)) + script.ReasoningTokens;
        var made = request.MadeChoices ?? request.Choices;
        var bigLine = script.BigLineBytes is { } size ? new string('x', size) : "";
        return new Reply
        {
            Request = request,
            Script = script,
            Id = id,
            Created = call.Now,
            Thinking = thinking,
            Text = bigLine + text,
            Calls = calls,
            Pieces = Piece.Order(
                Piece.Cut(thinking, script.ReasoningTokens),
                bigLine.Length == 0 ? Piece.Cut(text, script.Chunks) : [bigLine, .. Piece.Cut(text, script.Chunks)],
                [.. calls.Select(one => one.Arguments.Length == 0 ? [""] : Piece.Cut(one.Arguments, script.Chunks))]),
            Ending = script.Filter ? Ending.Filter
                : text.Length < unstopped.Length ? Ending.Length
                : calls.Length > 0 ? Ending.Calls
                : stop is null ? Ending.Natural : Ending.StopText,
            StopText = stop,
            Usage = ClaimedUsage.Of(script, request.PromptTokens, tokens * made, script.ReasoningTokens * made),
        };
    }

    private static string TextOf(ChatRequest request, Script script)
    {
        var text = script switch
        {
            { Text: { } given } => given,
            { Words: { } count } => string.Join(' ', Enumerable.Range(0, count).Select(i => HarmlessWords[i % HarmlessWords.Length])),
            { Echo: true } => request.LastUserText,
            { Tools: > 0 } => "", // calls come alone unless the script has words for before them
            _ when request.Schema is { } schema => SchemaSample.Of(schema),
            _ => Greeting,
        };
        if (script.Chunks is not { } chunks || text.Length >= chunks || text.Length == 0) return text;

        var longer = new StringBuilder(text);
        while (longer.Length < chunks) longer.Append(' ').Append(text);
        return longer.ToString();
    }

    private static string Words(int atLeast)
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < atLeast; i++) text.Append(HarmlessWords[i % HarmlessWords.Length]).Append(' ');
        return text.ToString();
    }
}
