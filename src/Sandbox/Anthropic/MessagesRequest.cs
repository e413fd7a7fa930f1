using System.Text.Json;
using System.Text.RegularExpressions;
using Aigc2d.Sandbox.Calls;
using Aigc2d.Sandbox.Replies;

namespace Aigc2d.Sandbox.Anthropic;

/// <summary>Reads a request in Anthropic's format and refuses what Anthropic refuses; members that nobody knows yet are let through.</summary>
public static partial class MessagesRequest
{
    private const int MinThinkingTokens = 1_024;

    // What another format calls its options: to send them here is a translation that was forgotten.
    private static readonly string[] Foreign =
    [
        "n", "stop", "max_completion_tokens", "stream_options", "response_format", "user", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs",
        "top_logprobs", "seed", "functions", "function_call", "reasoning_effort", "parallel_tool_calls", "prompt", "max_tokens_to_sample", "max_output_tokens",
    ];

    /// <exception cref="RequestRefusedException">The request breaks one of Anthropic's rules; the message names the member.</exception>
    public static ChatRequest Read(ScriptedCall call, bool countsOnly = false)
    {
        var body = call.Body;
        if (call.Model.Name.Length == 0) throw new RequestRefusedException("model: Field required");
        if (Foreign.FirstOrDefault(name => body.TryGetProperty(name, out _)) is { } foreign) throw new RequestRefusedException($"{foreign}: Extra inputs are not permitted");
        var maxTokens = countsOnly ? null : MaxTokensOf(body);
        var messages = body.Find("messages", JsonValueKind.Array) ?? throw new RequestRefusedException("messages: Field required");
        MessagesRules.Check(messages);
        CheckRange(body, "temperature", 1);
        CheckRange(body, "top_p", 1);
        CheckTools(body);
        CheckThinking(body, maxTokens);
        var stops = body.FindTexts("stop_sequences");
        if (stops.Any(string.IsNullOrWhiteSpace)) throw new RequestRefusedException("stop_sequences: each stop sequence must contain non-whitespace");

        var tools = body.Find("tools", JsonValueKind.Array);
        return new ChatRequest
        {
            Model = call.Model.Name,
            Stream = body.IsTrue("stream"),
            MaxTokens = maxTokens,
            PromptTokens = SandboxTokens.CountPrompt(messages, tools, SystemOf(body)),
            LastUserText = SandboxTokens.LastUserText(messages),
            ToolNames = tools is { } list ? [.. list.EnumerateArray().Select(tool => tool.FindText("name")!)] : [],
            Stops = stops,
            Schema = body.Find("output_config")?.Find("format")?.Find("schema", JsonValueKind.Object),
        };
    }

    private static int? MaxTokensOf(JsonElement body)
    {
        if (body.Find("max_tokens") is null) throw new RequestRefusedException("max_tokens: Field required");
        return body.FindInteger("max_tokens") is { } max and >= 0 ? max : throw new RequestRefusedException("max_tokens: Input should be a valid integer, at least 0");
    }

    private static string? SystemOf(JsonElement body)
    {
        if (body.Find("system") is not { } system) return null;
        if (system.ValueKind == JsonValueKind.String) return system.GetString();
        if (system.ValueKind != JsonValueKind.Array) throw new RequestRefusedException("system: Input should be a string or a list of text blocks");
        foreach (var block in system.EnumerateArray())
        {
            if (block.FindText("type") != "text" || string.IsNullOrEmpty(block.FindText("text"))) throw new RequestRefusedException("system: text content blocks must be non-empty");
        }

        return SandboxTokens.TextOfContent(system);
    }

    private static void CheckRange(JsonElement body, string name, double max)
    {
        if (body.Find(name) is not { } value) return;
        if (value.ValueKind != JsonValueKind.Number || value.GetDouble() is not (>= 0 and var number) || number > max)
        {
            throw new RequestRefusedException($"{name}: Input should be between 0 and {max}");
        }
    }

    private static void CheckTools(JsonElement body)
    {
        var tools = body.Find("tools", JsonValueKind.Array)?.EnumerateArray().ToArray() ?? [];
        for (var i = 0; i < tools.Length; i++)
        {
            var isOwn = tools[i].FindText("type") is null or "custom";
            Require(tools[i].FindText("name") is { } name && ToolName().IsMatch(name), $"tools.{i}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'");
            Require(!isOwn || tools[i].Find("input_schema")?.FindText("type") == "object", $"tools.{i}.custom.input_schema.type: Input should be 'object'");
            Require(isOwn || ServerTool().IsMatch(tools[i].FindText("type")!), $"tools.{i}: Input tag '{tools[i].FindText("type")}' is not one of the expected tags");
        }

        if (body.Find("tool_choice") is not { } choice) return;
        var kind = choice.FindText("type");
        Require(kind is "auto" or "any" or "none" or "tool", "tool_choice: Input should be an object with type 'auto', 'any', 'none' or 'tool'");
        Require(tools.Length > 0, "tool_choice: may only be specified while providing tools");
        Require(kind != "tool" || tools.Any(tool => tool.FindText("name") == choice.FindText("name")), "tool_choice.tool: no such tool");
    }

    private static void CheckThinking(JsonElement body, int? maxTokens)
    {
        if (body.Find("thinking") is not { } thinking) return;
        var kind = thinking.FindText("type");
        Require(kind is "enabled" or "disabled" or "adaptive" or "between_tools", "thinking: Input tag found using 'type' is not one of the expected tags");
        if (kind != "enabled") return;

        var budget = thinking.FindInteger("budget_tokens") ?? 0;
        Require(budget >= MinThinkingTokens, $"thinking.enabled.budget_tokens: Input should be greater than or equal to {MinThinkingTokens}");
        Require(maxTokens is null || budget < maxTokens, "max_tokens: must be greater than thinking.budget_tokens");
        Require(body.Find("temperature", JsonValueKind.Number)?.GetDouble() is null or >= 1, "temperature: may only be set to 1 when thinking is enabled");
        Require(body.Find("tool_choice")?.FindText("type") is not ("any" or "tool"), "tool_choice: thinking may not be enabled when tool use is forced");
    }

    private static void Require(bool isMet, string message)
    {
        if (!isMet) throw new RequestRefusedException(message);
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$")]
    private static partial Regex ToolName();

    [GeneratedRegex("^[a-z_]+_[0-9]{8}$")]
    private static partial Regex ServerTool();
}
