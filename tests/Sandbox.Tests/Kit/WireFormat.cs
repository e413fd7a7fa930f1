using System.Text.Json;

namespace Aigc2d.Sandbox.Tests.Kit;

/// <summary>How to ask one format for a chat, and where its answers say what.</summary>
public sealed record WireFormat(string Name, Func<string, bool, string> Path, Func<string, bool, string> Body, params (string Name, string Value)[] Headers)
{
    private const string Message = """{"role":"user","content":"Hello, world!"}""";

    private static readonly WireFormat[] All =
    [
        new("openai", (_, _) => "/v1/chat/completions", Chat, ("Authorization", "Bearer sk-1")),
        new("azure", (model, _) => $"/openai/deployments/{Uri.EscapeDataString(model)}/chat/completions?api-version=2024-10-21", Chat, ("api-key", "azure-1")),
        new("wenxin-v2", (_, _) => "/v2/chat/completions", Chat, ("Authorization", "Bearer bce-v3/1")),
        new(
            "anthropic",
            (_, _) => "/v1/messages",
            (model, stream) => $$"""{"model":"{{model}}","max_tokens":500,"messages":[{{Message}}]{{Stream(stream)}}}""",
            ("x-api-key", "sk-ant-1"), ("anthropic-version", "2023-06-01")),
        new(
            "complete",
            (_, _) => "/v1/complete",
            (model, stream) => $$"""{"model":"{{model}}","max_tokens_to_sample":500,"prompt":"\n\nHuman: Hello, world!\n\nAssistant:"{{Stream(stream)}}}""",
            ("x-api-key", "sk-ant-1"), ("anthropic-version", "2023-06-01")),
        new("completions", (_, _) => "/v1/completions", Completion, ("Authorization", "Bearer sk-1")),
        new("azure-completions", (model, _) => $"/openai/deployments/{Uri.EscapeDataString(model)}/completions?api-version=2024-10-21", Completion, ("api-key", "azure-1")),
        new(
            "wenxin-v1",
            (model, _) => $"/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/{Uri.EscapeDataString(model)}",
            (_, stream) => $$"""{"messages":[{{Message}}]{{Stream(stream)}}}"""),
    ];

    public static WireFormat Of(string name) => All.Single(format => format.Name == name);

    /// <summary>What "Hello, world!" costs: a bare prompt has no message around it.</summary>
    public string PromptTokens => Name.EndsWith("completions", StringComparison.Ordinal) ? "4" : "11";

    /// <summary>Asks for a chat with the model, scripted or not.</summary>
    public async Task<WireAnswer> AskAsync(SandboxFixture fixture, string model, bool stream = false, string? body = null)
    {
        var path = Path(model, stream);
        if (Name == "wenxin-v1") path += $"?access_token={await TokenAsync(fixture)}";
        return await fixture.SendAsync(HttpMethod.Post, path, body ?? Body(model, stream), Headers);
    }

    /// <summary>A fresh token of Wenxin v1.</summary>
    public static async Task<string> TokenAsync(SandboxFixture fixture, string key = "ak") =>
        (await fixture.SendAsync(HttpMethod.Post, $"/oauth/2.0/token?grant_type=client_credentials&client_id={Uri.EscapeDataString(key)}&client_secret=sk", null))
            .Json.GetProperty("access_token").GetString()!;

    /// <summary>The text of a stream as far as it came, whether its end was marked and how often, whether it holds an error or something that is no JSON.</summary>
    public (string Text, int Ends, bool HasError, bool HasGarbage) Read(WireAnswer answer)
    {
        var text = "";
        var (ends, hasError, hasGarbage) = (0, false, false);
        foreach (var frame in answer.Frames)
        {
            if (frame == "[DONE]")
            {
                ends++;
                continue;
            }

            try
            {
                var json = JsonSerializer.Deserialize<JsonElement>(frame);
                hasError |= json.TryGetProperty("error", out _) || json.TryGetProperty("error_code", out _);
                text += TextOf(json);
                if (IsEnd(json)) ends++;
            }
            catch (JsonException)
            {
                hasGarbage = true;
            }
        }

        return (text, ends, hasError, hasGarbage);
    }

    /// <summary>The text of a plain answer, the tokens of prompt and completion it claims.</summary>
    public (string? Text, string? Prompt, string? Completion) ReadPlain(JsonElement json) => Name switch
    {
        "anthropic" => (json.GetProperty("content")[0].GetProperty("text").GetString(), Raw(json, "input_tokens"), Raw(json, "output_tokens")),
        "complete" => (json.GetProperty("completion").GetString()!.TrimStart(), null, null),
        "completions" or "azure-completions" => (json.GetProperty("choices")[0].GetProperty("text").GetString(), Raw(json, "prompt_tokens"), Raw(json, "completion_tokens")),
        "wenxin-v1" => (json.GetProperty("result").GetString(), Raw(json, "prompt_tokens"), Raw(json, "completion_tokens")),
        _ => (json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), Raw(json, "prompt_tokens"), Raw(json, "completion_tokens")),
    };

    private static string? Raw(JsonElement json, string member) => json.TryGetProperty("usage", out var usage) ? usage.GetProperty(member).GetRawText() : null;

    private string? TextOf(JsonElement json) => Name switch
    {
        "anthropic" => json.TryGetProperty("delta", out var delta) && delta.TryGetProperty("text", out var text) ? text.GetString() : null,
        "complete" => json.TryGetProperty("completion", out var text) ? text.GetString()!.TrimStart() : null,
        "completions" or "azure-completions" => json.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 ? choices[0].GetProperty("text").GetString() : null,
        "wenxin-v1" => json.TryGetProperty("result", out var text) ? text.GetString() : null,
        _ => json.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : null,
    };

    private bool IsEnd(JsonElement json) => Name switch
    {
        "anthropic" => json.GetProperty("type").ValueEquals("message_stop"),
        "complete" => json.TryGetProperty("stop_reason", out var reason) && reason.ValueKind == JsonValueKind.String,
        "wenxin-v1" => json.TryGetProperty("is_end", out var isEnd) && isEnd.GetBoolean(),
        _ => false,
    };

    private static string Chat(string model, bool stream) => $$"""{"model":"{{model}}","messages":[{{Message}}]{{Counted(stream)}}}""";

    private static string Completion(string model, bool stream) => $$"""{"model":"{{model}}","prompt":"Hello, world!"{{Counted(stream)}}}""";

    private static string Counted(bool stream) => Stream(stream) + (stream ? ""","stream_options":{"include_usage":true}""" : "");

    private static string Stream(bool stream) => stream ? ""","stream":true""" : "";
}
