using System.Runtime.InteropServices;
using System.Text.Json;
using Aigc2d.ServiceDefaults.Tokens;
using Aigc2d.TestKit;

namespace Aigc2d.ServiceDefaults.Tests.Tokens;

/// <summary>Counts as js-tiktoken, which the tables come from, makes them.</summary>
public sealed class BytePairVectorTests
{
    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("hello world", 2, 2)]
    [InlineData("Hello, world!", 4, 4)]
    [InlineData("You are a helpful assistant.", 6, 6)]
    [InlineData("您好，很高兴遇见你!，我是AIGC2D", 21, 15)]
    [InlineData("人工智能正在改变世界", 11, 5)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 10, 10)]
    [InlineData("""{"location":{"type":"string"}}""", 7, 7)]
    [InlineData("😀👍🏽", 8, 4)]
    [InlineData("\n\nHuman: Hello, world!\n\nAssistant:", 9, 9)]
    [InlineData("  leading\n\n\ntabs\t\tand 1234567890 numbers's", 13, 13)]
    [InlineData("𠀀𠀁古汉字", 11, 9)]
    [InlineData("Ünïcödé ﬁ ligature　全角空格", 16, 13)]
    [InlineData("don't we'LL I'M", 7, 6)]
    [InlineData("안녕하세요 세계", 9, 3)]
    [InlineData("नमस्ते दुनिया", 13, 5)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 7, 7)]
    [InlineData("مرحبا بالعالم", 10, 4)]
    public void Known_texts_have_their_known_counts(string text, int cl100k, int o200k) =>
        Assert.Equal((cl100k, o200k), (BytePairEncoding.Cl100k.Count(text), BytePairEncoding.O200k.Count(text)));

    [Fact]
    public void Hundreds_of_random_texts_count_as_js_tiktoken_counts_them()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests/ServiceDefaults.Tests/Tokens/vectors.jsonl"));
        var wrong = new List<string>();
        foreach (var line in lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)))
        {
            var text = new string(MemoryMarshal.Cast<byte, char>(line.GetProperty("utf16").GetBytesFromBase64()));
            var expected = (line.GetProperty("cl100k").GetInt32(), line.GetProperty("o200k").GetInt32());
            var counted = (BytePairEncoding.Cl100k.Count(text), BytePairEncoding.O200k.Count(text));
            if (counted != expected) wrong.Add($"{line.GetProperty("kind")} {JsonSerializer.Serialize(text)}: {counted} instead of {expected}");
        }

        Assert.Empty(wrong);
        Assert.True(lines.Length > 500, $"{lines.Length} texts");
    }
}
