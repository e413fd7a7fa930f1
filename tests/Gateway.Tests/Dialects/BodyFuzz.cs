using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Gateway.Tests.Dialects;

/// <summary>Bodies that start out valid and are damaged at random: bytes flipped, cut and inserted, pieces of JSON put where they do not belong.</summary>
internal static class BodyFuzz
{
    private static readonly byte[][] Seeds =
    [
        """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello, world!"}]}"""u8.ToArray(),
        """{"model":"m","n":2,"max_tokens":10,"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"\ud83d\ude00"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}]}"""u8.ToArray(),
        """{"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}],"model":"m"}"""u8.ToArray(),
    ];

    private static readonly byte[][] MessagesSeeds =
    [
        """{"model":"claude-haiku-4-5","max_tokens":10,"messages":[{"role":"user","content":"Hello, world!"}]}"""u8.ToArray(),
        """{"model":"m","max_tokens":0,"stream":true,"system":[{"type":"text","text":"a"}],"messages":[{"role":"user","content":[{"type":"text","text":"\ud83d\ude00"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}},{"type":"document","title":"t","source":{"data":"x","type":"text"}}]}]}"""u8.ToArray(),
        """{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"x"}],"is_error":true}]}],"tools":[{"name":"f","input_schema":{"type":"object","properties":{"a":{"type":"string"}}}}],"output_config":{"format":{"type":"json_schema","schema":{}}},"max_tokens":1,"model":"m"}"""u8.ToArray(),
    ];

    private static readonly byte[][] Pieces =
    [
        .. ((string[])["{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "-1", "1e99", "0", "\"max_tokens\":5,", "\"MAX_TOKENS\":5,", "\"n\":128,", "\"\\u0000\"", "\"\\ud800\"", "\\udc00", "\ufeff", "\n", "\"model\":", "[[[[[[[[", "{\"a\":", "9223372036854775808"])
            .Select(Encoding.UTF8.GetBytes),
        [0x00], [0xFF], [0xC3], [0xED, 0xA0, 0x80],
    ];

    public static Gen<byte[]> Bodies => Damaged(Seeds);

    /// <summary>Bodies in Anthropic's dialect.</summary>
    public static Gen<byte[]> MessagesBodies => Damaged(MessagesSeeds);

    private static Gen<byte[]> Damaged(byte[][] seeds) =>
        from seed in Gen.Elements(seeds)
        from edits in Edits.ListOf().Resize(6)
        select edits.Aggregate(seed, (body, edit) => edit(body));

    public static bool IsStrictJson(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 64 });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Gen<Func<byte[], byte[]>> Edits =>
        from kind in Gen.Choose(0, 3)
        from place in Gen.Choose(0, 10_000)
        from length in Gen.Choose(1, 20)
        from value in Gen.Choose(0, 255)
        from piece in Gen.Elements(Pieces)
        select (Func<byte[], byte[]>)(body => Edit(body, kind, place % (body.Length + 1), length, (byte)value, piece));

    private static byte[] Edit(byte[] body, int kind, int place, int length, byte value, byte[] piece)
    {
        var end = Math.Min(body.Length, place + length);
        return kind switch
        {
            0 => [.. body[..place], .. piece, .. body[place..]],
            1 => [.. body[..place], .. body[end..]],
            2 => [.. body[..place], .. body[place..end], .. body[place..]],
            _ => [.. body[..place], value, .. body[Math.Min(body.Length, place + 1)..]],
        };
    }
}
