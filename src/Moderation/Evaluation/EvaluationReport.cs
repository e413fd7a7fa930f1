using System.Text.Json;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>How results are written.</summary>
internal enum ReportFormat
{
    Text,
    Markdown,
    Json,
}

/// <summary>Writes what was measured: a line per set and head, then the targets. No row is ever part of it.</summary>
internal static class EvaluationReport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static async Task WriteAsync(IReadOnlyList<MeasuredSet> sets, IReadOnlyList<TargetResult> targets, string? remark, TextWriter output, ReportFormat format)
    {
        var measured = sets.Select(set => (Set: set, Figures: Figures.OfSet(set), Times: set.Rows.Select(row => row.Microseconds).ToArray())).ToArray();
        if (format == ReportFormat.Json)
        {
            await output.WriteLineAsync(Json(writer =>
            {
                writer.WriteStartArray("sets");
                foreach (var (set, figures, times) in measured) WriteSet(writer, set, figures, times);
                writer.WriteEndArray();
                WriteTargets(writer, targets);
                writer.WriteString("weights", remark);
            }));
            return;
        }

        var table = new TextTable(
            "set", "head", "unsafe", "safe", "AUPRC", "F1", "accuracy", "macro-F1", "R@1%FPR", "block recall", "block FPR", "ECE", "p50 µs", "p99 µs");
        foreach (var (set, figures, times) in measured)
            foreach (var f in figures)
            {
                table.Add(set.Name, f.Head.Name, TextTable.Cell(f.Positives), TextTable.Cell(f.Negatives), TextTable.Cell(f.AveragePrecision, 3), TextTable.Cell(f.Halved.F1, 3),
                    TextTable.Cell(f.Halved.Accuracy, 3), TextTable.Cell(f.Halved.MacroF1, 3), TextTable.Cell(f.RecallAtOnePercent, 3), TextTable.Cell(f.Blocked.Recall, 3),
                    TextTable.Cell(f.Blocked.FalsePositiveRate, 4), TextTable.Cell(f.CalibrationError, 3), TextTable.Cell(Quantile.Of(times, 0.5), 0), TextTable.Cell(Quantile.Of(times, 0.99), 0));
            }

        await table.WriteAsync(output, format == ReportFormat.Markdown);
        await WriteTargetsAsync(targets, output, format);
    }

    public static async Task WriteTargetsAsync(IReadOnlyList<TargetResult> targets, TextWriter output, ReportFormat format)
    {
        var table = new TextTable("target", "pass", "stretch", "measured", "met", "on");
        foreach (var (target, measured, on) in targets)
            table.Add(target.Name, Bound(target, target.Pass), Bound(target, target.Stretch), TextTable.Cell(measured, target.Digits), new TargetResult(target, measured, on).Met, on);
        await table.WriteAsync(output, format == ReportFormat.Markdown);
    }

    public static string Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Indented))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    public static void WriteTargets(Utf8JsonWriter writer, IReadOnlyList<TargetResult> targets)
    {
        writer.WriteStartArray("targets");
        foreach (var result in targets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", result.Target.Name);
            writer.WriteBoolean("isAtLeast", result.Target.IsAtLeast);
            writer.WriteNumber("pass", result.Target.Pass);
            Write(writer, "stretch", result.Target.Stretch);
            writer.WriteNumber("measured", result.Measured);
            writer.WriteString("met", result.Met);
            writer.WriteString("on", result.On);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number) writer.WriteNumber(name, number);
        else writer.WriteNull(name);
    }

    private static void WriteSet(Utf8JsonWriter writer, MeasuredSet set, IReadOnlyList<Figures> figures, double[] times)
    {
        writer.WriteStartObject();
        writer.WriteString("set", set.Name);
        writer.WriteNumber("rows", set.Rows.Count);
        writer.WriteBoolean("isTraining", set.IsTraining);
        Write(writer, "p50Microseconds", Quantile.Of(times, 0.5));
        Write(writer, "p99Microseconds", Quantile.Of(times, 0.99));
        writer.WriteStartArray("heads");
        foreach (var f in figures)
        {
            writer.WriteStartObject();
            writer.WriteString("head", f.Head.Name);
            writer.WriteNumber("unsafe", f.Positives);
            writer.WriteNumber("safe", f.Negatives);
            Write(writer, "averagePrecision", f.AveragePrecision);
            Write(writer, "recallAtOnePercentFalsePositives", f.RecallAtOnePercent);
            Write(writer, "calibrationError", f.CalibrationError);
            WriteConfusion(writer, "atHalf", f.Halved);
            WriteConfusion(writer, "atBlock", f.Blocked);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteConfusion(Utf8JsonWriter writer, string name, Confusion confusion)
    {
        writer.WriteStartObject(name);
        Write(writer, "recall", confusion.Recall);
        Write(writer, "falsePositiveRate", confusion.FalsePositiveRate);
        Write(writer, "f1", confusion.F1);
        Write(writer, "accuracy", confusion.Accuracy);
        Write(writer, "macroF1", confusion.MacroF1);
        writer.WriteEndObject();
    }

    private static string Bound(Target target, double? value) => value is null ? "–" : $"{(target.IsAtLeast ? "≥" : "≤")} {TextTable.Cell(value, target.Digits)}";
}
