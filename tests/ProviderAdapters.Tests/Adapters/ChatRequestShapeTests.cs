using System.Text;
using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Tests.OpenAi;

public sealed class ChatRequestShapeTests
{
    [Theory]
    // Odd spacing, escapes, numbers and unknown members stay as they are.
    [InlineData("""{ "model" : "m" , "x_new":{"a":[1.0,1e3,"\u00e9"]},"messages":[ ]}""", """{ "model" : "up" , "x_new":{"a":[1.0,1e3,"\u00e9"]},"messages":[ ]}""")]
    [InlineData("""{"messages":[{"model":"inner","stream_options":1}],"model":"m"}""", """{"messages":[{"model":"inner","stream_options":1}],"model":"up"}""")]
    [InlineData("""{"model":"m","stream":false,"stream_options":{"include_usage":false}}""", """{"model":"up","stream":false,"stream_options":{"include_usage":false}}""")]
    [InlineData("""{"model":"m","stream":null}""", """{"model":"up","stream":null}""")]
    [InlineData("""{"model":"m","stream":true}""", """{"stream_options":{"include_usage":true},"model":"up","stream":true}""")]
    [InlineData("""  {"stream":true,"model":"m"} """, """  {"stream_options":{"include_usage":true},"stream":true,"model":"up"} """)]
    [InlineData("""{"model":"m","stream_options":null,"stream":true}""", """{"model":"up","stream_options":{"include_usage":true},"stream":true}""")]
    [InlineData("""{"model":"m","stream_options":{ },"stream":true}""", """{"model":"up","stream_options":{"include_usage":true },"stream":true}""")]
    [InlineData("""{"model":"m","stream_options":{"include_usage":false},"stream":true}""", """{"model":"up","stream_options":{"include_usage":true},"stream":true}""")]
    [InlineData("""{"model":"m","stream_options":{"include_obfuscation":false},"stream":true}""", """{"model":"up","stream_options":{"include_usage":true,"include_obfuscation":false},"stream":true}""")]
    [InlineData("""{"store":true,"model":"m","metadata":{"store":true}}""", """{"store":false,"model":"up","metadata":{"store":true}}""")]
    [InlineData("""{"model":"m","store":null}""", """{"model":"up","store":null}""")]
    public void Only_the_model_the_wish_for_usage_and_that_for_storage_change(string body, string expected)
    {
        var shape = ChatRequestShape.Read(Encoding.UTF8.GetBytes(body), out var fault);

        Assert.Null(fault);
        Assert.Equal(expected, Text(shape!.Apply(Encoding.UTF8.GetBytes(body), "up")));
        using var json = JsonDocument.Parse(expected);
    }

    [Fact]
    public void The_upstreams_model_name_is_escaped_as_json_needs()
    {
        var body = """{"model":"m"}"""u8.ToArray();
        using var json = JsonDocument.Parse(Text(ChatRequestShape.Read(body, out _)!.Apply(body, "a\"b\\c@delay=5ms")));
        Assert.Equal("a\"b\\c@delay=5ms", json.RootElement.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    [InlineData("""{"model":"m"}x""", "body")]
    [InlineData("""{"model":"m"}{}""", "body")]
    [InlineData("{}", "model")]
    [InlineData("""{"model":7}""", "model")]
    [InlineData("""{"model":"m","stream":"yes"}""", "stream")]
    [InlineData("""{"model":"m","stream_options":[]}""", "stream_options")]
    [InlineData("""{"model":"m","stream_options":{"include_usage":1}}""", "stream_options.include_usage")]
    public void What_cannot_be_patched_is_named(string body, string fault)
    {
        Assert.Null(ChatRequestShape.Read(Encoding.UTF8.GetBytes(body), out var found));
        Assert.Equal(fault, found);
    }

    [Theory]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":true}}""", true, true)]
    [InlineData("""{"model":"m","stream":true}""", true, false)]
    [InlineData("""{"model":"m"}""", false, false)]
    public void What_the_client_wished_for_is_known(string body, bool stream, bool usage)
    {
        var shape = ChatRequestShape.Read(Encoding.UTF8.GetBytes(body), out _)!;
        Assert.Equal((stream, usage), (shape.Stream, shape.IncludeUsage));
    }

    private static string Text(IEnumerable<ReadOnlyMemory<byte>> pieces) => string.Concat(pieces.Select(piece => Encoding.UTF8.GetString(piece.Span)));
}
