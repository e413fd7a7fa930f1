using System.Globalization;
using System.Security.Cryptography;
using Aigc2d.Moderation.Corpus;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;

namespace Aigc2d.Moderation.Training;

/// <summary>
/// <c>train --data DIR --corpus DIR --out FILE [--seed N] [--without NAME,NAME…]</c>: makes the classifier's weights from labelled files and the corpus. What is
/// left out shows how far the weights carry to what they have not seen.
/// </summary>
internal static class TrainModel
{
    private const int Done = 0;
    private const int Misused = 2;
    private const int TextsPerSide = 60;
    private const int SpoiltPerMille = 300;
    private const int JoinedPerMille = 150;

    /// <summary>0 done, 2 misused or unreadable input. Tables go to the output, progress to the errors.</summary>
    public static async Task<int> MainAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            Run(TrainOptions.Parse(args), output, TextWriter.Synchronized(errors));
            return Done;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await errors.WriteLineAsync($"error: {exception.Message}");
            return Misused;
        }
    }

    private static void Run(TrainOptions options, TextWriter output, TextWriter errors)
    {
        var samples = Read(options, output);
        if (samples.Count == 0) throw new FormatException("there is nothing to learn from");
        samples.AddRange([.. Sample.Spoil(samples, SpoiltPerMille, options.Seed), .. JoinedSamples.Make(samples, JoinedPerMille, options.Seed)]);
        errors.WriteLine($"train: reading the features of {samples.Count} texts");
        var rules = RuleSet.Embedded();
        var examples = ExampleReader.ReadAll(rules, samples);
        errors.WriteLine($"train: training on {examples.Length} examples");
        var (weights, prompts, answers) = CrossValidation.Run(rules, examples, options.Seed, step => errors.WriteLine($"train: {step}"));

        var calibrations = Calibrator.Fit(prompts);
        foreach (var outcome in prompts.Concat(answers)) outcome.Calibrate(calibrations);
        var model = Quantiser.Make(weights, rules, calibrations, ThresholdChoice.Choose(prompts, answers));
        var file = ModelFile.Write(model);
        TrainReport.Write(prompts, answers, model, output);
        if (Path.GetDirectoryName(options.Out) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        File.WriteAllBytes(options.Out, file);
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        output.WriteLine($"rules {rules.Version}  seed {options.Seed}  model {hash[..12]}  {file.Length} bytes");
        output.WriteLine($"weights sha256 {hash}");
        errors.WriteLine($"train: wrote {options.Out}");
    }

    private static List<Sample> Read(TrainOptions options, TextWriter output)
    {
        var samples = new List<Sample>();
        var paths = LabelledRow.FilesIn(options.Data).ToLookup(path => options.Without.FirstOrDefault(prefix => Path.GetFileName(path).StartsWith(prefix, StringComparison.Ordinal), ""));
        if (options.Without.FirstOrDefault(prefix => !paths.Contains(prefix)) is { } unknown) throw new ArgumentException($"--without: no file's name begins with {unknown}");
        foreach (var path in paths[""])
        {
            var name = Path.GetFileName(path);
            var source = Source.Of(name);
            var (rows, hash) = LabelledRow.Read(path);
            var (safe, harmful) = source.WeightsFor(rows.Count(row => row.Unsafe == 0), rows.Count(row => row.Unsafe == 1));
            var known = rows.Select(row => (Row: row, Labels: Labels.Of(row))).Where(row => row.Labels is not null)
                .Select(row => new Sample(row.Row.Text, Sample.FoldOf(row.Row.Id), row.Labels!, row.Row.Unsafe == 0 ? safe : harmful, source.Role)).ToArray();
            samples.AddRange(known);
            Line(output, name, hash, known);
        }

        var files = CorpusFile.Load(options.Corpus);
        if (CorpusLint.Check(files) is [var fault, ..]) throw new FormatException(fault);
        foreach (var file in files)
        {
            var drawn = CorpusTexts.Draw([file], options.Seed, TextsPerSide).Select(Sample.Of).ToArray();
            samples.AddRange(drawn);
            Line(output, file.Name, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(options.Corpus, file.Name)))), drawn);
        }

        return samples;
    }

    private static void Line(TextWriter output, string name, string hash, Sample[] samples) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"data {name,-40} {samples.Length,6} texts {samples.Count(sample => !sample.IsSafe),6} unsafe  sha256 {hash}"));
}
