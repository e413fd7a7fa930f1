using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Screenings;
using Aigc2d.Moderation.Tests.Rules;
using Aigc2d.Moderation.Training;

namespace Aigc2d.Moderation.Tests.Training;

/// <summary><c>train</c> on a small set of made-up words.</summary>
public sealed class TrainModelTests : IDisposable
{
    private static readonly string[] Fillers = ["mando", "pertil", "sovena", "lumio", "drefas", "kolit", "brenau", "waspir", "ontelu", "quirda"];
    private static readonly string[] Bad = ["zorblax", "vintork", "grumbel"];

    private readonly string _folder = Directory.CreateTempSubdirectory("train-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_same_seed_and_data_give_the_same_file_and_another_seed_another()
    {
        WriteData();
        var first = await TrainAsync("first.model", seed: 1);
        var second = await TrainAsync("second.model", seed: 1);
        var other = await TrainAsync("other.model", seed: 2);

        Assert.Equal((0, ""), (first.Code, first.Errors));
        Assert.Equal(Tables(first.Output), Tables(second.Output));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "first.model")), File.ReadAllBytes(Path.Combine(_folder, "second.model")));
        Assert.NotEqual(Tables(first.Output), Tables(other.Output));

        var model = ModelFile.Read(File.ReadAllBytes(Path.Combine(_folder, "first.model")));
        Assert.Contains($"model {model.Version}", first.Output, StringComparison.Ordinal);
        var screener = new TextScreener(TwinTests.Screener.Rules, model);
        var (harmful, harmless) = (screener.Screen(["mando zorblax pertil vintork"], ScreeningStage.Prompt), screener.Screen(["mando sovena pertil lumio"], ScreeningStage.Prompt));
        Assert.True(harmful.Scores.ByCategory[Heads.Of("hate")] > 0.8 && harmful.Scores.Unsafe > 0.8, "a harmful text is not seen");
        Assert.True(harmless.Scores.ByCategory[Heads.Of("hate")] < 0.2 && harmless.Scores.Unsafe < 0.2, "a harmless text is not seen");
    }

    [Theory]
    [InlineData("--data is missing: the folder to read")]
    [InlineData("--data: there is no folder nowhere", "--data", "nowhere", "--corpus", ".", "--out", "x")]
    [InlineData("--out is missing: the model to write", "--data", ".")]
    [InlineData("--seed must be a whole number", "--seed", "x")]
    [InlineData("--seed needs a value", "--seed")]
    [InlineData("train does not know --speed; it takes --data DIR, --corpus DIR, --out FILE, --seed N and --without NAME,NAME…", "--speed", "9")]
    public async Task What_is_wrong_with_a_command_is_said(string error, params string[] args)
    {
        var (code, output, errors) = await RunAsync(error.StartsWith("--data is", StringComparison.Ordinal) ? ["--out", "x"] : args);

        Assert.Equal((2, "", $"error: {error}\n"), (code, output, errors));
    }

    [Fact]
    public async Task Files_can_be_left_out_by_how_their_names_begin()
    {
        WriteData();
        var alone = await TrainAsync("alone.model", seed: 1);
        File.WriteAllLines(Path.Combine(_folder, "data", "other.jsonl"), ["""{"id":"x","text":"mando","unsafe":1,"cats":["hate"]}"""]);

        var without = await TrainAsync("without.model", seed: 1, "--without", "othe");
        var unknown = await TrainAsync("unknown.model", seed: 1, "--without", "other,nothing");

        Assert.Equal((0, alone.Output), (without.Code, without.Output));
        Assert.Equal((2, "error: --without: no file's name begins with nothing\n"), (unknown.Code, unknown.Errors));
    }

    [Fact]
    public async Task A_line_that_is_no_row_is_named_and_not_shown()
    {
        WriteData();
        File.AppendAllLines(Path.Combine(_folder, "data", "made-up.jsonl"), ["""{"id":"secret words"}"""]);

        var (code, _, errors) = await TrainAsync("x.model", 1);

        Assert.Equal((2, "error: made-up.jsonl, line 401: not a row of id, text, unsafe and cats.\n"), (code, errors));
    }

    [Fact]
    public async Task A_category_that_is_none_is_refused()
    {
        WriteData();
        File.AppendAllLines(Path.Combine(_folder, "data", "made-up.jsonl"), ["""{"id":"x","text":"mando","unsafe":1,"cats":["rudeness"]}"""]);

        var (code, _, errors) = await TrainAsync("x.model", 1);

        Assert.Equal((2, "error: rudeness is no category.\n"), (code, errors));
    }

    private void WriteData()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        Directory.CreateDirectory(Path.Combine(_folder, "corpus"));
        File.WriteAllLines(
            Path.Combine(_folder, "data", "made-up.jsonl"),
            Enumerable.Range(0, 400).Select(i => JsonSerializer.Serialize(new
            {
                id = $"row-{i}",
                text = $"{Fillers[i % 10]} {(i % 2 == 0 ? Bad[i % 3] : Fillers[i / 3 % 10])} {Fillers[i / 7 % 10]} {Fillers[i / 11 % 10]}",
                lang = "en",
                kind = "content",
                @unsafe = i % 2 == 0 ? 1 : 0,
                cats = i % 2 == 0 ? new[] { "hate" } : [],
            })));
    }

    private async Task<(int Code, string Output, string Errors)> TrainAsync(string name, int seed, params string[] more)
    {
        var (code, output, errors) = await RunAsync(
            ["--data", Path.Combine(_folder, "data"), "--corpus", Path.Combine(_folder, "corpus"), "--out", Path.Combine(_folder, name), "--seed", $"{seed}", .. more]);
        return (code, output, string.Concat(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("train: ", StringComparison.Ordinal)).Select(line => line + "\n")));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] args)
    {
        var (output, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await TrainModel.MainAsync(args, output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    private static string Tables(string output) => string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("data ", StringComparison.Ordinal)));
}
