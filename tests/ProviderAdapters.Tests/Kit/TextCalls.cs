using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>Calls of the two old text routes, and their answers as their clients put them together.</summary>
public static class TextCalls
{
    public const string Words = "Hello, world!";
    public const string Greeting = "Hello! The sandbox is here to help.";
    public const string Conversation = "\n\nHuman: Hello, world!\n\nAssistant:";

    /// <summary>Models that complete, at OpenAI and at Azure.</summary>
    public static Family Completing(Family family) => family with { UpstreamPrefix = "gpt-3.5-turbo-instruct" };

    /// <summary>A call of <c>/v1/completions</c> with the prompt "Hello, world!" unless the members say another.</summary>
    public static TestCall Completion(TestModel model, bool stream, string members = "") =>
        Call(model, stream, "/internal/completions", members.Contains("\"prompt\"", StringComparison.Ordinal) ? "" : $",\"prompt\":\"{Words}\"", members);

    /// <summary>A call of <c>/v1/complete</c> in which a human says "Hello, world!".</summary>
    public static TestCall Complete(TestModel model, bool stream, string prompt = Conversation, string members = "\"max_tokens_to_sample\":256", string version = "2023-06-01") =>
        Call(model, stream, "/internal/complete", $",\"prompt\":{JsonSerializer.Serialize(prompt)}", members) with
        {
            Headers = new Dictionary<string, string> { ["anthropic-version"] = version },
        };

    /// <summary>The text of a choice of a completion.</summary>
    public static string TextOf(this Answer answer, int choice = 0) => string.Concat(ChoicesOf(answer).Where(found => found.GetProperty("index").GetInt32() == choice).Select(found => found.GetProperty("text").GetString()));

    /// <summary>Why the choices of a completion ended.</summary>
    public static string[] EndsOf(this Answer answer) => [.. ChoicesOf(answer).Select(choice => choice.GetProperty("finish_reason").GetString()).OfType<string>()];

    /// <summary>The events of a stream of Anthropic's with their names.</summary>
    public static (string Name, JsonElement Data)[] NamedEvents(this Answer answer) =>
    [
        .. answer.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(frame => frame.StartsWith("event: ", StringComparison.Ordinal))
            .Select(frame => frame.Split('\n')).Select(lines => (lines[0]["event: ".Length..], JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement)),
    ];

    /// <summary>The objects of an old text completion, plain or streamed.</summary>
    public static JsonElement[] Completions(this Answer answer) => answer.Text.StartsWith('{') ? [answer.Json] : [.. answer.NamedEvents().Where(found => found.Name == "completion").Select(found => found.Data)];

    /// <summary>The text of an old text completion.</summary>
    public static string Said(this Answer answer) => string.Concat(answer.Completions().Select(found => found.GetProperty("completion").GetString()));

    private static IEnumerable<JsonElement> ChoicesOf(Answer answer) =>
        (answer.Text.StartsWith('{') ? [answer.Json] : answer.Chunks).Where(found => found.TryGetProperty("choices", out _)).SelectMany(found => found.GetProperty("choices").EnumerateArray());

    private static TestCall Call(TestModel model, bool stream, string path, string prompt, string members) =>
        new(model.Name, $$"""{"model":"{{model.Name}}","stream":{{(stream ? "true" : "false")}}{{prompt}}{{(members.Length > 0 ? "," : "")}}{{members}}}""") { Stream = stream, Path = path };
}
