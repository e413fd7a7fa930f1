using System.Text.Json;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Corpus;
using Aigc2d.Moderation.Screenings;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>
/// What the engine does with the authored corpus: how much of the unsafe sides it stops, and how much of their safe twins. The texts are other ones than those the
/// weights were trained on, but of the same templates.
/// </summary>
internal static class CorpusFigures
{
    private const int Seed = 20_260_701;
    private const int TextsPerSide = 40;

    /// <summary>Reads, screens and prints; an exit code.</summary>
    public static async Task<int> WriteAsync(string folder, MeasuredEngine engine, ScreeningStage stage, TextWriter output, TextWriter errors, ReportFormat format)
    {
        IReadOnlyList<(string Name, CorpusFile File)> files;
        try
        {
            files = CorpusFile.Load(folder);
            if (CorpusLint.Check(files) is [var fault, ..]) throw new FormatException(fault);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"error: the corpus cannot be read: {exception.Message}");
            return ExitCodes.Misused;
        }

        var texts = CorpusTexts.Draw(files, Seed, TextsPerSide).AsParallel().AsOrdered().Select(text => (Text: text, Row: Screen(engine.Screener, text, stage))).ToArray();
        var groups = texts.GroupBy(text => (text.Text.Category, text.Text.Language), text => text.Row)
            .Select(group => new Part(group.Key.Category, group.Key.Language, [.. group])).OrderBy(part => part.Place).ThenBy(part => part.Language, StringComparer.Ordinal).ToArray();
        if (format == ReportFormat.Json)
        {
            await output.WriteLineAsync(EvaluationReport.Json(writer =>
            {
                writer.WriteStartArray("corpus");
                foreach (var part in groups) Write(writer, part);
                writer.WriteEndArray();
            }));
            return ExitCodes.Done;
        }

        var table = new TextTable("category", "language", "unsafe", "blocked", "p ≥ 0.5", "category p ≥ 0.5", "safe", "blocked", "reviewed", "p ≥ 0.5");
        foreach (var part in groups)
        {
            table.Add(part.Category, part.Language, TextTable.Cell(part.Any.Positives), TextTable.Cell(part.Any.Blocked.Recall, 3), TextTable.Cell(part.Any.Halved.Recall, 3),
                TextTable.Cell(part.Named, 3), TextTable.Cell(part.Any.Negatives), TextTable.Cell(part.Any.Blocked.FalsePositiveRate, 4), TextTable.Cell(part.Reviewed, 4),
                TextTable.Cell(part.Any.Halved.FalsePositiveRate, 4));
        }

        await table.WriteAsync(output, format == ReportFormat.Markdown);
        return ExitCodes.Done;
    }

    private static MeasuredRow Screen(TextScreener screener, CorpusText text, ScreeningStage stage)
    {
        var judgement = screener.Screen([text.Text], stage);
        return new MeasuredRow(RowLabels.Of(text.Language, text.Kind, text.IsUnsafe, text.IsUnsafe ? text.Category : null), judgement.Action, judgement.Scores, Microseconds: 0);
    }

    private static void Write(Utf8JsonWriter writer, Part part)
    {
        writer.WriteStartObject();
        writer.WriteString("category", part.Category);
        writer.WriteString("language", part.Language);
        writer.WriteNumber("unsafe", part.Any.Positives);
        EvaluationReport.Write(writer, "blockRecall", part.Any.Blocked.Recall);
        EvaluationReport.Write(writer, "categoryRecall", part.Named);
        writer.WriteNumber("safe", part.Any.Negatives);
        EvaluationReport.Write(writer, "blockFalsePositiveRate", part.Any.Blocked.FalsePositiveRate);
        EvaluationReport.Write(writer, "reviewFalsePositiveRate", part.Reviewed);
        writer.WriteEndObject();
    }

    /// <summary>The texts of a category in a language.</summary>
    private sealed record Part(string Category, string Language, IReadOnlyList<MeasuredRow> Rows)
    {
        public Figures Any { get; } = Figures.Of(Head.Any, Rows);

        /// <summary>Of the unsafe texts, how many are thought to be of this category.</summary>
        public double? Named { get; } = Category == CorpusLint.Benign ? null : Figures.Of(Head.Of(Category), Rows).Halved.Recall;

        /// <summary>Of the safe texts, how many a person would look at.</summary>
        public double? Reviewed { get; } = ShareOf([.. Rows.Where(row => row.Labels.Unsafe == false)]);

        public int Place { get; } = Category == CorpusLint.Benign ? int.MaxValue : Head.Of(Category).Index;

        private static double? ShareOf(MeasuredRow[] safe) => safe.Length == 0 ? null : (double)safe.Count(row => row.Action == VerdictAction.Review) / safe.Length;
    }
}
