namespace Aigc2d.Moderation.Evaluation;

/// <summary>Writes what streams leak, and beside it the targets, by the worse pace.</summary>
internal static class StreamReport
{
    private static readonly Target Leak = new("stream, characters after the first violating one, p90", false, 200, null, 0);
    private static readonly Target Cut = new("benign streams cut", false, 0.003, null, 4);
    private static readonly Target Cost = new("screening a chunk, µs", false, 100, null, 0);

    public static async Task WriteAsync(IReadOnlyList<StreamFigures> figures, TextWriter output, ReportFormat format)
    {
        var targets = TargetsOf(figures);
        if (format == ReportFormat.Json)
        {
            await output.WriteLineAsync(EvaluationReport.Json(writer =>
            {
                writer.WriteStartArray("streams");
                foreach (var pace in figures)
                {
                    writer.WriteStartObject();
                    writer.WriteString("screenedAt", pace.Pace);
                    writer.WriteNumber("violating", pace.Leaks.Count);
                    writer.WriteNumber("missed", pace.Missed);
                    EvaluationReport.Write(writer, "leakP50", Quantile.Of(pace.Leaks, 0.5));
                    EvaluationReport.Write(writer, "leakP90", Quantile.Of(pace.Leaks, 0.9));
                    writer.WriteNumber("benign", pace.Benign);
                    writer.WriteNumber("benignCut", pace.BenignCut);
                    writer.WriteNumber("benignBlockedWhole", pace.BenignBlockedWhole);
                    EvaluationReport.Write(writer, "microsecondsPerChunk", pace.MicrosecondsPerChunk);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                EvaluationReport.WriteTargets(writer, targets);
            }));
            return;
        }

        var table = new TextTable("screened at", "violating", "missed", "leak p50", "leak p90", "benign", "cut", "blocked whole", "µs a chunk");
        foreach (var pace in figures)
        {
            table.Add(pace.Pace, TextTable.Cell(pace.Leaks.Count), TextTable.Cell(pace.Missed), TextTable.Cell(Quantile.Of(pace.Leaks, 0.5), 0),
                TextTable.Cell(Quantile.Of(pace.Leaks, 0.9), 0), TextTable.Cell(pace.Benign), TextTable.Cell(pace.BenignCut), TextTable.Cell(pace.BenignBlockedWhole),
                TextTable.Cell(pace.MicrosecondsPerChunk, 1));
        }

        await table.WriteAsync(output, format == ReportFormat.Markdown);
        await EvaluationReport.WriteTargetsAsync(targets, output, format);
    }

    private static TargetResult[] TargetsOf(IReadOnlyList<StreamFigures> figures)
    {
        return [.. Worst(Leak, pace => Quantile.Of(pace.Leaks, 0.9)), .. Worst(Cut, pace => pace.ShareCut), .. Worst(Cost, pace => pace.MicrosecondsPerChunk)];

        IEnumerable<TargetResult> Worst(Target target, Func<StreamFigures, double?> measured) =>
            figures.Where(pace => measured(pace) is not null).OrderByDescending(measured).Take(1).Select(pace => new TargetResult(target, measured(pace)!.Value, $"screened at {pace.Pace}"));
    }
}
