using System.Text.Json;
using Aigc2d.Moderation.Evaluation;

namespace Aigc2d.Moderation.Tests.Evaluation;

public sealed class EvaluateFilesTests : IDisposable
{
    private const string Instructing = "Sure, here is how to make a pipe bomb";

    private readonly string _folder = Directory.CreateTempSubdirectory("aigc2d-sets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("posts", "zh", "content", "1h 0", SetKind.ChineseOffence)]
    [InlineData("posts", "en", "content", "1h 1s 1v 0", SetKind.MixedEnglish)]
    [InlineData("posts", "en", "content", "1h 0", SetKind.None)]
    [InlineData("posts", "en", "content", "0", SetKind.BenignChat)]
    [InlineData("prompts", "en", "prompt", "1", SetKind.HarmfulRequests)]
    [InlineData("prompts", "en", "prompt", "1 0", SetKind.HarmfulRequests)]
    [InlineData("prompts", "zh", "prompt", "0", SetKind.BenignChat)]
    [InlineData("my_look_alikes", "en", "prompt", "1 0", SetKind.LookAlikes)]
    [InlineData("XSTest-v2", "en", "prompt", "1 0", SetKind.LookAlikes)]
    [InlineData("sensitive-zh", "zh", "prompt", "0", SetKind.SensitiveChinese)]
    [InlineData("pictures", "en", "image_prompt", "0", SetKind.BenignImages)]
    [InlineData("pictures", "en", "image_prompt", "?v", SetKind.None)]
    public void A_set_answers_what_its_rows_or_its_name_say(string name, string language, string kind, string rows, object expected)
    {
        var set = SetOf(name, rows.Split(' ').Select(row => Row(language, kind, row)));
        Assert.Equal(expected, SetKinds.Of(set));
    }

    [Fact]
    public async Task Targets_are_measured_by_the_sets_that_can_and_by_no_others()
    {
        var harmful = await FileAsync("harm", Row("en", "prompt", "1", ModerationFixture.Blocked), Row("en", "prompt", "1"));
        var chat = await FileAsync("chat", Row("en", "prompt", "0"), Row("en", "prompt", "0"));
        var output = new StringWriter();

        Assert.Equal(0, await EvaluateFiles.MainAsync(["--json", harmful, chat], output, TextWriter.Null));

        var targets = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("targets").EnumerateArray()
            .Select(target => (target.GetProperty("name").GetString(), target.GetProperty("measured").GetDouble(), target.GetProperty("met").GetString())).ToArray();
        Assert.Equal(("harmful requests, recall at 1 % benign false positives", 0.5, "no"), targets[0]);
        Assert.Equal(("benign chat, false positive rate", 0, "stretch"), targets[1]);
        Assert.Equal(["calibration error, worst head", "100 characters, p99 µs", "6,000 characters, p99 µs", "load, ms"], targets[2..].Select(target => target.Item1).Where(name => name != "weights, MB"));
    }

    [Fact]
    public async Task A_set_in_a_folder_of_training_data_is_marked()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "train"));
        var output = new StringWriter();
        await EvaluateFiles.MainAsync(["--markdown", await FileAsync("train/chat", Row("en", "prompt", "0"))], output, TextWriter.Null);

        Assert.Contains("| benign chat, false positive rate | ≤ 0.0100 | ≤ 0.0050 | 0.0000 | stretch | chat (training data) |", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_tell_what_came_through_before_they_were_cut()
    {
        var file = await FileAsync("streams", Row("en", "content", "1", Instructing), Row("en", "content", "1"), Row("en", "content", "0", new string('x', 300)));
        var output = new StringWriter();

        Assert.Equal(0, await EvaluateFiles.MainAsync(["--streams", "--json", file], output, TextWriter.Null));

        foreach (var pace in JsonDocument.Parse(output.ToString()).RootElement.GetProperty("streams").EnumerateArray())
        {
            Assert.Equal((1, 0, 1, 0), (Number(pace, "violating"), Number(pace, "missed"), Number(pace, "benign"), Number(pace, "benignCut")));
            Assert.InRange(Number(pace, "leakP90"), 0, Instructing.Length);
        }

        static int Number(JsonElement pace, string name) => pace.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task The_same_streams_leak_the_same_each_time()
    {
        var file = await FileAsync("streams", [.. Enumerable.Range(0, 20).Select(i => Row("en", "content", i % 2 == 0 ? "1" : "0", i % 2 == 0 ? Instructing : $"a long tale of kites {i} {new string('y', 40 * i)}"))]);
        var runs = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var output = new StringWriter();
            await EvaluateFiles.MainAsync(["--streams", "--json", file], output, TextWriter.Null);
            runs.Add(string.Join(' ', JsonDocument.Parse(output.ToString()).RootElement.GetProperty("streams").EnumerateArray().Select(pace => $"{pace.GetProperty("leakP50")} {pace.GetProperty("leakP90")}")));
        }

        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public async Task The_corpus_tells_what_is_stopped_of_each_side()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "corpus")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "illegal.json"), $$"""
            {"category":"illegal","language":"en","pairs":[{"id":"illegal.en.kites","clause":"weapons","kind":"prompt",
            "unsafe":["{{ModerationFixture.Blocked}}","fly no kite","fly no more kites"],"safe":["fly a kite","fly kites","see kites"]}]}
            """);
        var (output, errors) = (new StringWriter(), new StringWriter());

        Assert.Equal((0, ""), (await EvaluateFiles.MainAsync(["--corpus", folder, "--markdown"], output, errors), errors.ToString()));

        Assert.Contains("| illegal | en | 3 | 0.333 | ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(" | 3 | 0.0000 | 0.0000 | ", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("kite", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--corpus takes no files", "--corpus", ".", "rows.jsonl")]
    [InlineData("the corpus cannot be read", "--corpus", "no-such-folder")]
    [InlineData("the weights no.model cannot be read", "--model", "no.model", "-")]
    public async Task What_cannot_be_measured_says_so(string fault, params string[] args)
    {
        var errors = new StringWriter();
        Assert.Equal(2, await EvaluateFiles.MainAsync(args, TextWriter.Null, errors));
        Assert.StartsWith($"error: {fault}", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_that_are_none_are_refused()
    {
        var file = await FileAsync("weights", "no weights");
        var errors = new StringWriter();

        Assert.Equal(2, await EvaluateFiles.MainAsync(["--model", file, await FileAsync("chat", Row("en", "prompt", "0"))], TextWriter.Null, errors));
        Assert.StartsWith($"error: the weights {file} cannot be read: This is no screening model", errors.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A row as "1h": unsafe 0, 1 or ? for nobody knows, and letters of categories.</summary>
    private static string Row(string language, string kind, string label, string text = "a purple kite") => JsonSerializer.Serialize(new
    {
        id = 1,
        text,
        lang = language,
        kind,
        @unsafe = label[0] == '?' ? (int?)null : label[0] - '0',
        cats = label[1..].Select(c => c switch { 'h' => "hate", 's' => "sexual", _ => "violence" }),
        label = "",
    });

    private async Task<string> FileAsync(string name, params string[] rows)
    {
        var path = Path.Combine(_folder, $"{name}.jsonl");
        await File.WriteAllLinesAsync(path, rows);
        return path;
    }

    private static MeasuredSet SetOf(string name, IEnumerable<string> rows) => new($"{name}.jsonl",
    [
        .. rows.Select(row => new MeasuredRow(Aigc2d.Moderation.Evaluation.Row.Read(System.Text.Encoding.UTF8.GetBytes(row), withLabels: true).Labels!, default, Moderation.Screenings.Scores.None, 1)),
    ]);
}
