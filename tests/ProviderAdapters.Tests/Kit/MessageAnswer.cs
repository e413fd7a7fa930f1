using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>A message as a client of Anthropic puts it together, from a plain answer or from the events of a stream, whose rules are checked on the way.</summary>
public sealed record MessageAnswer(JsonObject Message, bool IsComplete, JsonObject? Error)
{
    public string? StopReason => (string?)Message["stop_reason"];

    public JsonObject Usage => Message["usage"]!.AsObject();

    public JsonArray Blocks => Message["content"]!.AsArray();

    /// <summary>All text of the answer proper.</summary>
    public string Text => string.Concat(Blocks.Where(block => (string?)block!["type"] == "text").Select(block => (string?)block!["text"]));

    public string Thinking => string.Concat(Blocks.Where(block => (string?)block!["type"] == "thinking").Select(block => (string?)block!["thinking"]));

    /// <summary>The tools that are called: name and input.</summary>
    public (string? Name, string Input)[] Tools =>
        [.. Blocks.Where(block => (string?)block!["type"] == "tool_use").Select(block => ((string?)block!["name"], block!["input"]!.ToJsonString(Readable)))];

    /// <summary>Total input, output, what came from a cache, what was written to it.</summary>
    public (int Input, int Output, int Cached, int Written) Tokens => (Count("input_tokens") + Count("cache_read_input_tokens") + Count("cache_creation_input_tokens"),
        Count("output_tokens"), Count("cache_read_input_tokens"), Count("cache_creation_input_tokens"));

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static MessageAnswer Of(Answer answer) => answer.Text.StartsWith('{') ? Plain(answer.Text) : OfStream(answer.Text);

    public static MessageAnswer Plain(string json)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        return (string?)body["type"] == "error" ? new MessageAnswer([], false, body) : new MessageAnswer(body, true, null);
    }

    /// <summary>Puts a stream together. Whatever breaks a rule of the format fails the test.</summary>
    public static MessageAnswer OfStream(string text)
    {
        JsonObject? message = null, error = null;
        var (open, isEnding, isComplete) = (-1, false, false);
        var input = new StringBuilder();
        foreach (var (name, data) in EventsOf(text))
        {
            Assert.False(isComplete || error is not null, $"{name} comes after the end");
            Assert.True(message is not null || name is "message_start" or "error", $"{name} comes before message_start");
            switch (name)
            {
                case "ping":
                    break;
                case "error":
                    error = data;
                    break;
                case "message_start":
                    Assert.Null(message);
                    message = data["message"]!.DeepClone().AsObject();
                    Assert.Empty(message["content"]!.AsArray());
                    message["usage"] ??= new JsonObject();
                    break;
                case "content_block_start":
                    Assert.True(open < 0 && !isEnding, "a block begins within another or after the reason");
                    open = (int)data["index"]!;
                    Assert.Equal(message!["content"]!.AsArray().Count, open);
                    message["content"]!.AsArray().Add(data["content_block"]!.DeepClone());
                    input.Clear();
                    break;
                case "content_block_delta":
                    Assert.Equal(open, (int)data["index"]!);
                    Append(message!["content"]![open]!.AsObject(), data["delta"]!.AsObject(), input);
                    break;
                case "content_block_stop":
                    Assert.Equal(open, (int)data["index"]!);
                    if (input.Length > 0) message!["content"]![open]!["input"] = JsonNode.Parse(input.ToString());
                    open = -1;
                    break;
                case "message_delta":
                    Assert.True(open < 0 && !isEnding);
                    isEnding = true;
                    foreach (var (key, value) in data["delta"]!.AsObject()) message![key] = value?.DeepClone();
                    foreach (var (key, value) in data["usage"]!.AsObject()) message!["usage"]![key] = value?.DeepClone();
                    break;
                case "message_stop":
                    Assert.True(isEnding);
                    isComplete = true;
                    break;
                default:
                    Assert.Fail($"unknown event {name}");
                    break;
            }
        }

        return new MessageAnswer(message ?? [], isComplete, error);
    }

    private static IEnumerable<(string Name, JsonObject Data)> EventsOf(string text)
    {
        foreach (var frame in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(frame => !frame.StartsWith(':')))
        {
            var lines = frame.Split('\n');
            Assert.True(lines.Length == 2 && lines[0].StartsWith("event: ", StringComparison.Ordinal) && lines[1].StartsWith("data: ", StringComparison.Ordinal), frame);
            var data = JsonNode.Parse(lines[1][6..])!.AsObject();
            Assert.Equal(lines[0][7..], (string?)data["type"]);
            yield return (lines[0][7..], data);
        }
    }

    private static void Append(JsonObject block, JsonObject delta, StringBuilder input)
    {
        var (kind, member) = ((string?)delta["type"]) switch
        {
            "text_delta" => ("text", "text"),
            "thinking_delta" => ("thinking", "thinking"),
            "signature_delta" => ("thinking", "signature"),
            "input_json_delta" => ("tool_use", ""),
            _ => ("", ""),
        };
        Assert.Equal(kind, (string?)block["type"]);
        if (member.Length == 0) input.Append((string?)delta["partial_json"]);
        else block[member] = (string?)block[member] + (string?)delta[member];
    }

    private int Count(string name) => (int?)Usage[name] ?? 0;
}
