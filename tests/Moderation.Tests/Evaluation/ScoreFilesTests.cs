using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Evaluation;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Tests.Rules;

namespace Aigc2d.Moderation.Tests.Evaluation;

public sealed class ScoreFilesTests
{
    [Fact]
    public async Task Each_row_has_its_line_in_the_order_of_the_rows()
    {
        var rows = Enumerable.Range(0, 5_000).Select(i => $$"""{"id":{{i}},"text":"kite {{new string('x', i % 97 * 10)}}"}""");

        var (lines, bad) = await ScoreAsync(string.Join('\n', rows));

        Assert.Equal(0, bad);
        Assert.Equal(Enumerable.Range(0, 5_000), lines.Select(line => line.GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task A_line_says_the_action_every_category_and_the_rules()
    {
        var (lines, _) = await ScoreAsync($$"""{"id":"a","text":"{{ModerationFixture.Blocked}}","label":"no"}""" + "\n" + """{"id":"b","text":"a kite"}""");

        Assert.Equal(["id", "action", "unsafe", "scores", "rules"], lines[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(("a", "block", 1), (lines[0].GetProperty("id").GetString(), lines[0].GetProperty("action").GetString(), lines[0].GetProperty("unsafe").GetDouble()));
        Assert.Equal(Categories.All, lines[0].GetProperty("scores").EnumerateObject().Select(score => score.Name));
        Assert.Equal(1, lines[0].GetProperty("scores").GetProperty("illegal").GetDouble());
        Assert.StartsWith("illegal.", Assert.Single(lines[0].GetProperty("rules").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(("b", "allow", 0), (lines[1].GetProperty("id").GetString(), lines[1].GetProperty("action").GetString(), lines[1].GetProperty("rules").GetArrayLength()));
    }

    [Fact]
    public async Task A_bad_row_says_which_and_why_and_the_others_are_scored()
    {
        var (lines, bad) = await ScoreAsync("""{"id":1,"text":"kite"}""" + "\r\n\r\nnonsense\n" + """{"id":3}""" + "\n \t\n" + """{"id":4,"text":"kite"}""" + "\n");

        Assert.Equal(2, bad);
        Assert.Equal([1, null, null, 4], lines.Select(line => line.GetProperty("id").ValueKind == JsonValueKind.Null ? (int?)null : line.GetProperty("id").GetInt32()));
        Assert.Equal("""{"id":null,"error":"line 3: is not JSON, byte 2"}""", lines[1].GetRawText());
        Assert.Equal("line 4: has no text", lines[2].GetProperty("error").GetString());
    }

    [Fact]
    public async Task Files_come_one_after_the_other_and_errors_name_theirs()
    {
        var (lines, bad) = await ScoreAsync(Source("a.jsonl", """{"id":1,"text":"kite"}"""u8), Source("b.gz", Zip("""{"id":2,"text":"kite"}""" + "\n{}")), Source("c.jsonl", ""u8));

        Assert.Equal(1, bad);
        Assert.Equal(["1", "2", "line 2: has no text (b.gz)"], lines.Select(line => line.TryGetProperty("error", out var error) ? error.GetString() : line.GetProperty("id").GetRawText()));
    }

    [Fact]
    public async Task Damaged_data_end_their_file_with_a_bad_row_and_the_next_file_is_scored()
    {
        var zipped = Zip(string.Join('\n', Enumerable.Range(0, 3).Select(i => $$"""{"id":{{i}},"text":"kite"}""")));
        zipped[2] = 99;

        var (lines, bad) = await ScoreAsync(Source("a", zipped), Source("b", """{"id":9,"text":"kite"}"""u8));

        Assert.Equal(1, bad);
        Assert.Equal("line 1: cannot be read: the compressed data are damaged (a)", lines[0].GetProperty("error").GetString());
        Assert.Equal(9, lines[1].GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task A_text_of_a_megabyte_is_a_row_like_any_other()
    {
        var text = string.Concat(Enumerable.Repeat("a kite in the wind ", 55_000));
        var (lines, bad) = await ScoreAsync(JsonSerializer.Serialize(new { id = 1, text }) + "\n" + JsonSerializer.Serialize(new { id = 2, text = text + ModerationFixture.Blocked }));

        Assert.Equal((0, "allow", "block"), (bad, lines[0].GetProperty("action").GetString(), lines[1].GetProperty("action").GetString()));
    }

    [Fact]
    public async Task What_has_come_is_scored_before_more_comes()
    {
        var (input, output) = (new System.IO.Pipelines.Pipe(), new System.IO.Pipelines.Pipe());
        var scoring = ScoreFiles.RunAsync([new RowSource("-", input.Reader.AsStream())], output.Writer.AsStream(), TwinTests.Screener, ScreeningStage.Prompt, Silent());

        await input.Writer.WriteAsync("{\"id\":1,\"text\":\"kite\"}\n{\"id\":2,"u8.ToArray());
        var first = await output.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.StartsWith("{\"id\":1,", Encoding.UTF8.GetString(first.Buffer), StringComparison.Ordinal);
        await input.Writer.WriteAsync("\"text\":\"kite\"}"u8.ToArray());
        await input.Writer.CompleteAsync();

        Assert.Equal(0, await scoring);
    }

    private static Task<(JsonElement[] Lines, int Bad)> ScoreAsync(string text) => ScoreAsync(Source("-", Encoding.UTF8.GetBytes(text)));

    private static async Task<(JsonElement[] Lines, int Bad)> ScoreAsync(params RowSource[] sources)
    {
        using var output = new MemoryStream();
        var bad = await ScoreFiles.RunAsync(sources, output, TwinTests.Screener, ScreeningStage.Prompt, Silent());
        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        Assert.Equal("", lines[^1]);
        return ([.. lines[..^1].Select(line => JsonDocument.Parse(line).RootElement)], bad);
    }

    private static RowSource Source(string name, ReadOnlySpan<byte> bytes) => new(name, new MemoryStream(bytes.ToArray()));

    private static byte[] Zip(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private static Progress Silent() => new("score", TextWriter.Null, TimeProvider.System);
}
