using System.Text.Json;
using Aigc2d.Sandbox.Calls;

namespace Aigc2d.Sandbox.Anthropic;

/// <summary>Anthropic's rules for a conversation: who may speak first, what a block must hold, that each tool use meets its result in the next turn.</summary>
public static class MessagesRules
{
    private static readonly string[] ImageKinds = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    private static readonly string[] Opaque = ["document", "search_result", "server_tool_use", "container_upload", "redacted_thinking"];

    /// <exception cref="RequestRefusedException">A rule is broken; the message says where.</exception>
    public static void Check(JsonElement messages)
    {
        if (messages.GetArrayLength() == 0) throw new RequestRefusedException("messages: at least one message is required");
        var turns = new List<Turn>();
        var number = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var at = $"messages.{number++}";
            var role = message.FindText("role");
            if (role is not ("user" or "assistant")) throw new RequestRefusedException($"{at}.role: Input should be 'user' or 'assistant'");
            if (turns.Count == 0 && role != "user") throw new RequestRefusedException("messages: first message must use the \"user\" role");

            // Neighbours of the same role are one turn.
            if (turns.Count == 0 || turns[^1].Role != role) turns.Add(new Turn(role, []));
            turns[^1].Blocks.AddRange(BlocksOf(message, at, role));
        }

        CheckPrefill(turns[^1]);
        CheckToolResults(turns);
    }

    private static List<JsonElement> BlocksOf(JsonElement message, string at, string role)
    {
        var content = message.Find("content") ?? throw new RequestRefusedException($"{at}.content: Field required");
        if (content.ValueKind == JsonValueKind.String)
        {
            if (content.GetString()!.Length == 0) throw new RequestRefusedException($"{at}: text content blocks must be non-empty");
            return [content];
        }

        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            throw new RequestRefusedException($"{at}.content: Input should be a string or a non-empty list of blocks");
        }

        var blocks = content.EnumerateArray().ToList();
        for (var i = 0; i < blocks.Count; i++) CheckBlock(blocks[i], $"{at}.content.{i}", role);
        return blocks;
    }

    private static void CheckBlock(JsonElement block, string at, string role)
    {
        var kind = block.FindText("type") ?? throw new RequestRefusedException($"{at}.type: Field required");
        var isRight = kind switch
        {
            "text" => !string.IsNullOrEmpty(block.FindText("text")),
            "image" => IsImage(block.Find("source")),
            "tool_use" => role == "assistant" && block.FindText("id") is not null && block.FindText("name") is not null
                && block.Find("input", JsonValueKind.Object) is not null,
            "tool_result" => role == "user" && block.FindText("tool_use_id") is not null
                && block.Find("content")?.ValueKind is null or JsonValueKind.String or JsonValueKind.Array,
            "thinking" => role == "assistant" && block.FindText("thinking") is not null && block.FindText("signature") is not null,
            _ => Opaque.Contains(kind) || kind.EndsWith("_tool_result", StringComparison.Ordinal),
        };
        if (isRight) return;
        throw new RequestRefusedException(kind == "text" ? $"{at}: text content blocks must be non-empty" : $"{at}.{kind}: Input is not a valid block for the role '{role}'");
    }

    private static bool IsImage(JsonElement? source) => source?.FindText("type") switch
    {
        "base64" => ImageKinds.Contains(source.Value.FindText("media_type"))
            && source.Value.FindText("data") is { Length: > 0 } data && !data.StartsWith("data:", StringComparison.Ordinal),
        "url" => Uri.TryCreate(source.Value.FindText("url"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https",
        "file" => source.Value.FindText("file_id") is not null,
        _ => false,
    };

    private static void CheckPrefill(Turn last)
    {
        if (last.Role != "assistant") return;
        var text = last.Blocks[^1].ValueKind == JsonValueKind.String ? last.Blocks[^1].GetString() : last.Blocks[^1].FindText("text");
        if (text is not null && text.TrimEnd().Length < text.Length) throw new RequestRefusedException("messages: final assistant content cannot end with trailing whitespace");
    }

    private static void CheckToolResults(List<Turn> turns)
    {
        for (var i = 0; i < turns.Count; i++)
        {
            var results = turns[i].Blocks.Where(block => block.FindText("type") == "tool_result").Select(block => block.FindText("tool_use_id")!).ToArray();
            var uses = i == 0 ? [] : IdsOfUses(turns[i - 1]);
            if (results.Except(uses).FirstOrDefault() is { } unexpected)
            {
                throw new RequestRefusedException($"messages: unexpected tool_use_id '{unexpected}': no such tool_use in the message before its tool_result");
            }

            if (uses.Except(results).FirstOrDefault() is { } open)
            {
                throw new RequestRefusedException($"messages: tool_use id '{open}' was found without a tool_result block immediately after");
            }

            if (turns[i].Blocks.Take(results.Length).Any(block => block.FindText("type") != "tool_result"))
            {
                throw new RequestRefusedException("messages: tool_result blocks must come first in their turn");
            }
        }
    }

    private static string[] IdsOfUses(Turn turn) =>
        [.. turn.Blocks.Where(block => block.FindText("type") == "tool_use").Select(block => block.FindText("id")!)];

    private sealed record Turn(string Role, List<JsonElement> Blocks);
}
