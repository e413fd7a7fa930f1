using System.Diagnostics;
using System.Text.Json;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Tests.Models;

namespace Aigc2d.Moderation.Tests.Evaluation;

/// <summary>The commands on files as processes, as somebody calls them: what goes where, and how they end.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aigc2d-rows-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Rows_on_standard_input_are_scored_without_any_server()
    {
        var (code, output, errors) = await RunAsync("""{"id":"a","text":"a kite"}""" + "\n", "score", "-");

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal("allow", JsonDocument.Parse(Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement.GetProperty("action").GetString());
    }

    [Fact]
    public async Task A_bad_row_makes_the_end_2_and_every_good_one_is_there()
    {
        var (code, output, errors) = await RunAsync("", "score", await FileAsync("""{"id":1,"text":"a kite"}""" + "\nbad\n" + """{"id":2,"text":"a kite"}"""));

        Assert.Equal((2, "score: 1 bad row\n"), (code, errors));
        Assert.Equal(3, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_missing_file_is_told_before_any_row_is_read()
    {
        var missing = Path.Combine(_folder, "missing.jsonl");
        var (code, output, errors) = await RunAsync("", "score", await FileAsync("""{"id":1,"text":"a kite"}"""), missing);

        Assert.Equal((2, "", $"error: there is no file {missing}\n"), (code, output, errors));
    }

    [Fact]
    public async Task Whoever_reads_one_line_and_leaves_ends_an_endless_run_quietly()
    {
        var (code, output, errors) = await RunAsync("", "-c", """yes '{"id":1,"text":"a kite"}' 2>/dev/null | dotnet "$0" score - | head -n 1; exit "${PIPESTATUS[1]}" """);

        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("""{"id":1,"action":"allow",""", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_that_cannot_be_written_are_an_error()
    {
        var (code, _, errors) = await RunAsync("""{"id":1,"text":"a kite"}""", "-c", """dotnet "$0" score - >/dev/full""");

        Assert.Equal(1, code);
        Assert.StartsWith("error: the results cannot be written: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_that_follow_each_other_write_behind_each_other()
    {
        var (code, output, _) = await RunAsync("", "-c", """exec >"$1"; for i in 1 2; do echo '{"id":'$i',"text":"a kite"}' | dotnet "$0" score - || exit; done; cut -d, -f1 "$1" >&2""", await FileAsync(""));

        Assert.Equal((0, ""), (code, output));
        Assert.Equal(["{\"id\":1", "{\"id\":2"], (await File.ReadAllLinesAsync(Path.Combine(_folder, "rows.jsonl"))).Select(line => line.Split(',')[0]));
    }

    [Theory]
    [InlineData("score")]
    [InlineData("score", "--stage", "both", "-")]
    [InlineData("score", "--markdown", "-")]
    [InlineData("eval")]
    [InlineData("eval", "--stage")]
    public async Task What_is_asked_wrongly_is_answered_with_how_to_ask(params string[] args)
    {
        var (code, output, errors) = await RunAsync("", args);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"\nusage: moderation {args[0]} ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluation_prints_tables_and_no_text()
    {
        var file = await FileAsync(string.Join('\n', $$"""{"id":1,"text":"{{ModerationFixture.Blocked}}","lang":"en","kind":"prompt","unsafe":1,"cats":["illegal"]}""",
            """{"id":2,"text":"a purple kite","lang":"en","kind":"prompt","unsafe":0,"cats":[]}""", """{"id":3,"text":["kite"]}"""));

        var (code, output, errors) = await RunAsync("", "eval", file);

        Assert.Equal((2, $"eval: {file}, line 3: has a text that is not a string\n"), (code, errors));
        Assert.Matches(@"rows +unsafe +1 +1 +1\.000 +1\.000 +1\.000 +1\.000 +1\.000 +1\.000 +0\.0000 +0\.0\d\d", output);
        Assert.Matches(@"harmful requests, recall at 1 % benign false positives +≥ 0\.650 +≥ 0\.800 +1\.000 +stretch +rows", output);
        Assert.DoesNotContain("kite", output, StringComparison.Ordinal);
        Assert.DoesNotContain("bomb", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_weights_says_so()
    {
        var file = await FileAsync($$"""{"id":1,"text":"{{ModerationFixture.Blocked}}","lang":"en","kind":"prompt","unsafe":1,"cats":["illegal"]}""");
        const string Remark = "no weights: rules alone decide, and their scores are 0 or 1";

        var score = await RunAsync("", "score", "--model", "none", file);
        var text = await RunAsync("", "eval", "--model", "none", file);
        var json = await RunAsync("", "eval", "--model", "none", "--json", file);

        Assert.Equal((0, $"weights: {Remark}\n"), (score.Code, score.Errors));
        Assert.StartsWith("""{"id":1,"action":"block","unsafe":1,""", score.Output, StringComparison.Ordinal);
        Assert.StartsWith($"Weights: {Remark}.\n\n", text.Output, StringComparison.Ordinal);
        Assert.Equal(Remark, JsonDocument.Parse(json.Output).RootElement.GetProperty("weights").GetString());
    }

    [Fact]
    public async Task Weights_that_were_trained_with_other_rules_are_told()
    {
        var model = Path.Combine(_folder, "other.model");
        await File.WriteAllBytesAsync(model, ModelFile.Write(RandomModel.Instance));
        var file = await FileAsync("""{"id":1,"text":"a kite","lang":"en","kind":"prompt","unsafe":0,"cats":[]}""");
        var remark = $"they were trained with rules rules, and these are {RuleSet.Embedded().Version}; probabilities are off until ./aigc2d moderation train has made new ones";

        var (code, output, _) = await RunAsync("", "eval", "--model", model, file);

        Assert.Equal(0, code);
        Assert.StartsWith($"Weights: {remark}.\n\n", output, StringComparison.Ordinal);
        Assert.Null(RandomModel.Instance.RemarkOn("rules"));
    }

    private async Task<string> FileAsync(string text)
    {
        var path = Path.Combine(_folder, "rows.jsonl");
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    /// <summary>Runs the program, or a shell command of it after <c>-c</c>.</summary>
    private static async Task<(int Code, string Output, string Errors)> RunAsync(string input, params string[] args)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Aigc2d.Moderation.dll");
        var start = args[0] == "-c" ? new ProcessStartInfo("bash", ["-c", args[1], program, .. args[2..]]) : new ProcessStartInfo("dotnet", [program, .. args]);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var ending = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync();

        // Whoever changes a rule trains later.
        return (process.ExitCode, await output, string.Join('\n', (await errors).Split('\n').SkipWhile(line => line.StartsWith("weights: they were trained with rules ", StringComparison.Ordinal))));
    }
}
