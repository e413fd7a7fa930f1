using System.Text.Json;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.OpenAi;

/// <summary>Reads a legacy completion request: prompts in four forms, each answered as often as asked.</summary>
public static class CompletionRequest
{
    private const int DefaultMaxTokens = 16;
    private const int MaxPrompts = 2_048;
    private const int MaxChoices = 128;
    private const int MaxMadeChoices = 20;
    private const int MaxLogprobs = 5;
    private const int MaxStops = 4;
    private static readonly TextInput[] NoPrompt = [new("", 1)]; // stands for the mark between two documents

    /// <exception cref="RequestRefusedException">The body is not a completion request.</exception>
    public static ChatRequest Read(ScriptedCall call)
    {
        var body = call.Body;
        if (call.Model.Name.Length == 0) throw new RequestRefusedException("you must provide a model parameter");
        var prompts = body.Find("prompt") is { } given ? TextInput.ReadAll(given, "prompt") : NoPrompt;
        if (prompts.Length > MaxPrompts) throw new RequestRefusedException("'$.prompt' is invalid.") { Param = "prompt" };

        var stream = body.IsTrue("stream");
        var choices = NumberOf(body, "n", 1, MaxChoices) ?? 1;
        var made = NumberOf(body, "best_of", 0, MaxMadeChoices);
        if (made is > 0 && made < choices) throw new RequestRefusedException("You requested that the server return more choices than it will generate: 'best_of' must be at least 'n'.") { Param = "best_of" };
        if (made > 1 && stream) throw new RequestRefusedException("'best_of' cannot be streamed.") { Param = "best_of" };
        NumberOf(body, "logprobs", 0, MaxLogprobs);
        var stops = body.FindTexts("stop");
        if (stops.Length > MaxStops) throw new RequestRefusedException($"Invalid 'stop': at most {MaxStops} texts.") { Param = "stop" };

        var suffix = SandboxTokens.Count(body.FindText("suffix") ?? "");
        return new ChatRequest
        {
            Model = call.Model.Name,
            Stream = stream,
            IncludeUsage = body.Find("stream_options", JsonValueKind.Object)?.IsTrue("include_usage") == true,
            Choices = prompts.Length * choices,
            MadeChoices = prompts.Length * Math.Max(choices, made ?? 0),
            MaxTokens = NumberOf(body, "max_tokens", 0, int.MaxValue) ?? DefaultMaxTokens,
            PromptTokens = prompts.Sum(prompt => prompt.Tokens + suffix),
            LastUserText = prompts[^1].Text,
            Stops = stops,
            Beginnings = [.. prompts.Select(prompt => body.IsTrue("echo") ? prompt.Text : "")],
        };
    }

    private static int? NumberOf(JsonElement body, string name, int min, int max)
    {
        if (body.Find(name) is null) return null;
        return body.FindInteger(name) is { } number && number >= min && number <= max ? number
            : throw new RequestRefusedException($"Invalid '{name}': an integer from {min} to {max}.") { Param = name };
    }
}
