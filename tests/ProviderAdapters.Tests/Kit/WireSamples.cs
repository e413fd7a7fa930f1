using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>Well-formed texts of the wire to begin with, and what to do to them: any value in its place, bytes changed, cut, doubled.</summary>
public static class WireSamples
{
    public static readonly string[] Bodies =
    [
        """
        {"model":"m","stream":true,"n":1,"max_tokens":7,"temperature":0.5,"top_p":0.9,"top_k":3,"stop":["a","\n"],"user":"u","seed":1,"logprobs":false,"parallel_tool_calls":false,
        "reasoning_effort":"low","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},"service_tier":"auto","thinking":{"type":"adaptive"},
        "tool_choice":{"type":"function","function":{"name":"f"}},"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"properties":{"a":{}}},"strict":true}}],
        "messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"low"}},
        {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c:1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c:1","content":"r"}]}
        """,
        """
        {"model":"m","messages":[{"role":"user","content":"\u4e16\u754c"},{"role":"assistant","function_call":{"name":"f","arguments":"{}"},"refusal":"no"},{"role":"function","name":"f","content":"1"},
        {"role":"developer","content":[{"type":"text","text":"x"}]}],"functions":[{"name":"f"}],"function_call":"auto","max_completion_tokens":9,"response_format":{"type":"json_object"},"tool_choice":"required"}
        """,
    ];

    public static readonly string[] AnthropicEvents =
    [
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"stop_reason":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"ping"}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"caf\u00e9 ✓ \ud83d\ude00"}}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"}}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":58,"output_tokens_details":{"thinking_tokens":5}}}""",
        """{"type":"message_stop"}""",
        """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
        """{"type":"message","role":"assistant","content":[{"type":"text","text":"a"},{"type":"tool_use","id":"t","name":"f","input":{"a":[1]}}],"stop_reason":"tool_use","usage":{"input_tokens":12,"output_tokens":6}}""",
    ];

    public static readonly string[] OpenAiEvents =
    [
        """{"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}""",
        """{"id":"x","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"caf\u00e9 ✓","reasoning_content":"Hm."},"finish_reason":null},{"index":1,"delta":{"refusal":"no"}}]}""",
        """{"id":"x","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]}}]}""",
        """{"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """{"id":"x","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":5},"completion_tokens_details":{"reasoning_tokens":2}}}""",
        """{"error":{"message":"x","type":"server_error","code":null}}""",
        "[DONE]",
    ];

    private static readonly string[] Leaves =
    [
        "null", "true", "false", "0", "-1", "1.5", "1e99", "1e400", "2147483648", "9223372036854775808", "\"\"", "\" \"", "\"user\"", "\"assistant\"", "\"tool\"", "\"text\"", "\"none\"", "\"auto\"",
        "\"\\ud83d\"", "\"\\ude00x\"", "\"\\u0000\"", "\"{\\\"a\\\":1}\"", "\"[\"", "\"data:image/png;base64,\"", "\"data:,\"", "\"data:;base64,A\"", "\"https://e.org\"", "\"message_stop\"", "\"tool_use\"", "{}", "[]", "[[]]",
    ];

    private static readonly string[] Names =
    [
        "messages", "role", "content", "type", "text", "image_url", "url", "file", "file_data", "tool_calls", "function", "name", "arguments", "id", "index", "delta", "choices", "usage", "finish_reason",
        "message", "content_block", "stop_reason", "error", "input", "input_tokens", "output_tokens", "\\ud83d", "x",
    ];

    /// <summary>Any JSON value, built of the words of the wire.</summary>
    public static Gen<string> Json(int depth)
    {
        var leaf = Gen.Elements(Leaves);
        if (depth == 0) return leaf;

        var member = from name in Gen.Elements(Names) from value in Json(depth - 1) select $"\"{name}\":{value}";
        return Gen.Frequency(
            (2, leaf),
            (1, from items in ShortListOf(Json(depth - 1)) select $"[{string.Join(',', items)}]"),
            (3, from members in ShortListOf(member) select $"{{{string.Join(',', members)}}}"));
    }

    /// <summary>One of the texts with some of its values replaced by others.</summary>
    public static Gen<byte[]> Replaced(string[] texts) =>
        from text in Gen.Elements(texts)
        from edits in ShortListOf(from place in Gen.Choose(0, 10_000) from value in Json(2) select (place, value))
        select Encoding.UTF8.GetBytes(edits.Aggregate(text, (changed, edit) => Replace(changed, edit.place, edit.value)));

    /// <summary>One of the texts with some of its bytes changed, removed or doubled.</summary>
    public static Gen<byte[]> Damaged(string[] texts) =>
        from text in Gen.Elements(texts)
        from edits in ShortListOf(from place in Gen.Choose(0, 10_000) from length in Gen.Choose(0, 12) from value in Gen.Choose(-256, 255) select (place, length, value))
        select edits.Aggregate(Encoding.UTF8.GetBytes(text), (bytes, edit) => Damage(bytes, edit.place, edit.length, edit.value));

    private static Gen<List<T>> ShortListOf<T>(Gen<T> item) => from length in Gen.Choose(0, 4) from items in item.ListOf(length) select items.ToList();

    private static byte[] Damage(byte[] bytes, int place, int length, int value)
    {
        if (bytes.Length == 0) return bytes;
        var start = place % bytes.Length;
        var end = Math.Min(bytes.Length, start + length);
        return value switch
        {
            >= 0 => [.. bytes[..start], (byte)value, .. bytes[Math.Min(bytes.Length, start + 1)..]],
            < -128 => [.. bytes[..start], .. bytes[end..]],
            _ => [.. bytes[..end], .. bytes[start..]],
        };
    }

    private static string Replace(string json, int place, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var values = ValuesOf(bytes);
        if (values.Count == 0) return json;
        var (start, end) = values[place % values.Count];
        return Encoding.UTF8.GetString(bytes, 0, start) + value + Encoding.UTF8.GetString(bytes, end, bytes.Length - end);
    }

    /// <summary>Where the values lie, those within others too.</summary>
    private static List<(int Start, int End)> ValuesOf(ReadOnlySpan<byte> json)
    {
        var values = new List<(int, int)>();
        if (json.StartsWith("[DONE"u8)) return values;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray) continue;
            var ahead = reader;
            ahead.Skip();
            values.Add(((int)reader.TokenStartIndex, (int)ahead.BytesConsumed));
        }

        return values;
    }
}
