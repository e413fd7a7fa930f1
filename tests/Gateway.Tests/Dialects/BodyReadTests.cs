using System.Diagnostics;
using System.Text;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.OpenAi;

namespace Aigc2d.Gateway.Tests.Dialects;

public sealed class BodyReadTests
{
    [Fact]
    public void Every_field_that_admission_needs_is_read()
    {
        var chat = Read("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":300,"n":3,"stream":true,"stream_options":{"include_usage":true}}""");
        Assert.Equal(("gpt-4o", 300, 3, true, true), (chat.Model, chat.MaxOutputTokens, chat.Choices, chat.Stream, chat.IncludeUsage));
    }

    [Fact]
    public void Nulls_mean_absent()
    {
        var chat = Read("""
            {"model":"m","messages":[{"role":"user","content":"hi","name":null,"tool_calls":null,"refusal":null}],"max_tokens":null,"max_completion_tokens":7,"n":null,
             "stream":null,"stream_options":null,"tools":null,"functions":null,"stop":null,"response_format":null}
            """);
        Assert.Equal((7, 1, false, false), (chat.MaxOutputTokens, chat.Choices, chat.Stream, chat.IncludeUsage));
        Assert.Equal(["hi"], chat.Texts);
    }

    [Fact]
    public void Texts_of_every_role_tool_and_argument_are_collected_and_decoded()
    {
        var chat = Read("""
            {"model":"m","messages":[
              {"role":"system","content":"S\u0031"},
              {"role":"developer","content":[{"type":"text","text":"D1"},{"type":"text","text":"D2"}]},
              {"role":"user","name":"N1","content":[{"text":"U\ud83d\ude00","type":"text"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"new_kind","payload":{"says":"U2"}}]},
              {"role":"assistant","content":null,"reasoning_content":"R1","refusal":"A1","tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"A2\"}"}}]},
              {"role":"tool","tool_call_id":"call_1","content":"T1"},
              {"role":"function","name":"f","content":null}],
             "tools":[{"type":"function","function":{"name":"F1","description":"F2","parameters":{"type":"object","properties":{"P1":{"type":"string","enum":["P2"]}}}}}],
             "prediction":{"type":"content","content":"X1"},"future":{"prompt":"X2"},"user":"not read","stop":["not read"],"metadata":{"not":"read"}}
            """);
        Assert.Equal(
            ["S1", "D1", "D2", "N1", "U😀", "says\nU2", "R1", "A1", "get_weather\n{\"city\":\"A2\"}", "T1", "f", "F1\nF2\nP1\nP2", "X1", "prompt\nX2"],
            chat.Texts);
    }

    [Fact]
    public void A_million_messages_are_refused_at_the_first_one_too_many()
    {
        var message = "{\"role\":\"user\",\"content\":\"x\"}";
        var body = Encoding.UTF8.GetBytes($"{{\"model\":\"m\",\"messages\":[{string.Join(',', Enumerable.Repeat(message, 1_000_000))}]}}");

        Assert.False(new ChatBody().TryRead(body, out _, out var refusal));
        Assert.Equal(new BodyRefusal("messages[10000]", "invalid_value", "Invalid 'messages[10000]': is beyond the 10000 messages a request may have."), refusal);
    }

    [Fact]
    public void Many_small_objects_after_one_huge_one_are_still_read_in_linear_time()
    {
        var huge = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"k{i}\":0"));
        var small = string.Join(',', Enumerable.Repeat("{\"a\":1}", 190_000));
        var body = Encoding.UTF8.GetBytes($"{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":\"x\"}}],\"metadata\":{{\"all\":[{{{huge}}},{small}]}}}}");

        var started = Stopwatch.GetTimestamp();
        Assert.True(new ChatBody().TryRead(body, out _, out _));

        // Takes a tenth of a second; clearing what the huge object filled for each small one would take minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
    }

    private static CallRequest Read(string body)
    {
        Assert.True(new ChatBody().TryRead(Encoding.UTF8.GetBytes(body), out var request, out var refusal), refusal?.Message);
        return request;
    }
}
