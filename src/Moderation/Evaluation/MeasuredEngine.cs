using System.Diagnostics;
using Aigc2d.Moderation.Models;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>The engine as the service runs it, and what it took to load.</summary>
/// <param name="Screener">The engine.</param>
/// <param name="Load">How long the rules and the weights took.</param>
/// <param name="ModelBytes">The size of the weights; null without any.</param>
internal sealed record MeasuredEngine(TextScreener Screener, TimeSpan Load, long? ModelBytes)
{
    /// <summary>In place of a file of weights: rules alone.</summary>
    public const string NoModel = "none";

    private static readonly string Shipped = $"{typeof(ScreeningModel).Assembly.GetName().Name}.Models.Data.screening.model";

    /// <summary>What whoever reads its results has to know about the weights; null when they are there and belong to the rules.</summary>
    public string? Remark => Screener.Model is { } model ? model.RemarkOn(Screener.Rules.Version) : "no weights: rules alone decide, and their scores are 0 or 1";

    /// <summary>Loads the engine with the weights of a file, with none, or with the shipped ones; null when they cannot be read.</summary>
    public static async Task<MeasuredEngine?> LoadAsync(string? modelFile, TextWriter errors)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            await using var file = modelFile switch
            {
                null => typeof(ScreeningModel).Assembly.GetManifestResourceStream(Shipped),
                NoModel => null,
                _ => File.OpenRead(modelFile),
            };
            var reading = file is null ? null : Task.Run(() => ModelFile.Read(file));
            var rules = RuleSet.Embedded();
            var model = reading is null ? null : await reading;
            var engine = new MeasuredEngine(new TextScreener(rules, model), Stopwatch.GetElapsedTime(started), file?.Length);
            if (engine.Remark is { } remark) await errors.WriteLineAsync($"weights: {remark}");
            return engine;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await errors.WriteLineAsync($"error: the weights {modelFile} cannot be read: {exception.Message}");
            return null;
        }
    }
}
