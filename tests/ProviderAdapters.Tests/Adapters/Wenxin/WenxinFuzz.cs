using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;
using Aigc2d.ProviderAdapters.Adapters.WenxinV2;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients.OpenAi;
using Aigc2d.ProviderAdapters.Tests.Kit;

namespace Aigc2d.ProviderAdapters.Tests.Wenxin;

/// <summary>Whatever a provider or a client sends: an answer, a refusal by name, or "not one of ours"; never another exception, and no memory kept.</summary>
public sealed class WenxinFuzz
{
    private const int Rounds = 4_000;

    private static readonly string[] Pieces = ["{", "}", "[", "]", "\"", ",", ":", "null", "true", "-1", "1e400", "\"\\ud800\"", "\u0000", "[[[[[[[[[[", "\"role\":\"developer\","];

    private static readonly string[] Answers =
    [
        """{"id":"as-7h1x","object":"chat.completion","created":1767225600,"sentence_id":0,"is_end":false,"is_truncated":false,"result":"西安\ud83d\ude42","need_clear_history":false,"flag":0,"finish_reason":"normal","usage":{"prompt_tokens":5,"completion_tokens":42,"total_tokens":47}}""",
        """{"id":"as-1","is_end":true,"result":"","function_call":{"name":"f","arguments":"{\"a\":[1,{}]}","thoughts":"hm"},"finish_reason":"function_call","ban_round":-1,"search_info":{"search_results":[{"index":1,"url":"u","title":"t"}]}}""",
        """{"error_code":336003,"error_msg":"the max length of messages must be an odd number","id":"as-1"}""",
        """{"error":"invalid_client","error_description":"unknown client id"}""",
        """{"id":"as-2","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"你","tool_calls":[{"index":0,"function":{"arguments":"{"}}]},"finish_reason":"normal","flag":3}],"need_clear_history":true,"usage":null}""",
        """{"id":"as-2","choices":[{"index":0,"message":{"role":"assistant","content":"你好"},"finish_reason":"stop","flag":0}],"usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0}}}""",
        """{"error":{"code":"content_filter","message":"m","type":"unsafe_request","innererror":{"content_filter_result":{"hate":{"filtered":true}}}},"id":"as-1"}""",
        "[DONE]",
    ];

    private static readonly string[] Requests =
    [
        """{"model":"m","messages":[{"role":"developer","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}}]}],"temperature":0.5,"stop":["a"],"n":1,"stream":true,"stream_options":{"include_usage":true}}""",
        """{"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"{"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"tool_choice":"auto","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}}}""",
        """{"model":"m","messages":[{"role":"user","content":"a"}],"max_tokens":5,"presence_penalty":-1,"penalty_score":1.5,"disable_search":false,"user":"u","logprobs":false}""",
    ];

    private static readonly Channel Upstream = new()
    {
        Id = Guid.CreateVersion7(),
        Provider = "wenxin",
        Name = "test",
        BaseUrl = new Uri("https://aip.baidubce.example"),
        Credential = "apikey:secretkey",
        Models = [],
        Priority = 0,
        Weight = 1,
        IsActive = true,
    };

    private static readonly ChannelModel Model = new("ernie-bot", "completions");

    [Fact]
    public void Any_answer_is_read_or_told_from_one()
    {
        var random = new Random(20260301);
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = Mutated(random, Answers);
            var v1 = new WenxinAnswerReader("m");
            Take(v1, new TranslatedChunks(() => v1.Head, includeUsage: true), bytes);
            var v2 = new WenxinV2AnswerReader();
            Take(v2, new WenxinV2Chunks(v2, new PassedChunks(v2.Inner, i % 2 == 0)), bytes);
            foreach (var status in new[] { 200, 400, 401, 403, 500 })
            {
                Assert.NotEmpty(WenxinError.Judge((HttpStatusCode)status, bytes, Upstream, Model, default).Error.Message);
                Assert.NotNull(WenxinV2Error.Judge((HttpStatusCode)status, bytes, Upstream, Model).Error.Message);
            }

            Assert.NotNull(WenxinError.Describe(bytes, Upstream, Model));
        }
    }

    [Fact]
    public void Any_request_is_translated_or_refused_by_name()
    {
        var random = new Random(20260302);
        var translated = 0;
        for (var i = 0; i < Rounds; i++)
        {
            ReadOnlyMemory<byte> bytes = Mutated(random, Requests);
            if (ChatRequestShape.Read(bytes.Span, out _) is not { } shape) continue;
            var chat = new OpenAiChat(bytes, shape);
            try
            {
                using var v1 = JsonDocument.Parse(WenxinRequest.Write(chat.Request, WenxinModels.Find(i % 2 == 0 ? "ernie-bot" : "yi_34b_chat")));
                Assert.Equal(JsonValueKind.Array, v1.RootElement.GetProperty("messages").ValueKind);
                translated++;
            }
            catch (UntranslatableException refused)
            {
                Assert.NotEmpty(refused.Param);
            }

            try
            {
                using var v2 = JsonDocument.Parse(string.Concat(WenxinV2Request.Translate(chat, "up").Select(piece => Encoding.UTF8.GetString(piece.Span))));
                Assert.Equal("up", v2.RootElement.GetProperty("model").GetString());
            }
            catch (UntranslatableException refused)
            {
                Assert.NotEmpty(refused.Param);
            }
        }

        Assert.InRange(translated, 50, Rounds);
    }

    [Fact]
    public void A_long_stream_leaves_no_memory_behind()
    {
        var v1 = new WenxinAnswerReader("m");
        var v2 = new WenxinV2AnswerReader();
        var piece = Encoding.UTF8.GetBytes(Answers[0]);
        var chunk = Encoding.UTF8.GetBytes("""{"id":"as-2","choices":[{"index":0,"delta":{"content":"你"},"flag":0}]}""");
        for (var i = 0; i < 100; i++) Read();
        RetainedMemory.AssertAtMost(4 * 1024 * 1024, () =>
        {
            for (var i = 0; i < 50_000; i++) Read();
        });
        GC.KeepAlive(v1);
        GC.KeepAlive(v2);

        void Read()
        {
            Assert.True(v1.TryReadEvent(piece));
            Assert.True(v2.TryReadEvent(chunk));
        }
    }

    /// <summary>A stream of two events and a plain answer, written for a client.</summary>
    private static void Take(IAnswerReader reader, IAnswerWriter writer, byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 2; i++)
        {
            if (reader.TryReadEvent(bytes) && !reader.HasError) writer.WriteEvent(output, bytes, reader);
        }

        writer.WriteEnd(output, default, isClaimed: false);
        if (reader.TryReadPlain(bytes) && !reader.HasError)
        {
            Assert.NotEmpty(reader.Choices);
            Assert.False(writer.Completion(bytes, reader, default).IsEmpty);
            Assert.False(writer.FilteredCompletion(reader, default).IsEmpty);
        }
    }

    private static byte[] Mutated(Random random, string[] seeds)
    {
        var bytes = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]).ToList();
        for (var left = random.Next(4); left > 0 && bytes.Count > 1; left--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(bytes.Count - at)));
                    break;
                default:
                    ReplaceValue(random, bytes);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>One value becomes another of any type, so that the text stays JSON.</summary>
    private static void ReplaceValue(Random random, List<byte> bytes)
    {
        var text = Encoding.UTF8.GetString([.. bytes]);
        var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':' && i > 0 && text[i - 1] == '"').ToArray();
        if (colons.Length == 0) return;
        var start = colons[random.Next(colons.Length)] + 1;
        var end = text.IndexOfAny([',', '}', ']'], start);
        string[] values = ["null", "true", "[]", "{}", "\"text\"", "\"\\ud800\"", "0", "-7", "1.5", "99999999999999999999", "[1,null,{}]", "{\"a\":1}"];
        if (end < 0) return;
        bytes.Clear();
        bytes.AddRange(Encoding.UTF8.GetBytes(text[..start] + values[random.Next(values.Length)] + text[end..]));
    }
}
