namespace Aigc2d.Moderation.Evaluation.Evasions;

/// <summary>Writes how much stays blocked in disguise, and beside it the targets.</summary>
internal static class RetentionReport
{
    public static async Task WriteAsync(IReadOnlyList<Retained> rows, TextWriter output, ReportFormat format)
    {
        var targets = rows.Where(row => row.Share is not null).Select(row => new TargetResult(row.Target, row.Share!.Value, $"{row.Disguised} disguised texts")).ToArray();
        if (format == ReportFormat.Json)
        {
            await output.WriteLineAsync(EvaluationReport.Json(writer =>
            {
                writer.WriteStartArray("evasions");
                foreach (var row in rows)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", row.Target.Name);
                    writer.WriteNumber("disguised", row.Disguised);
                    writer.WriteNumber("blocked", row.Kept);
                    EvaluationReport.Write(writer, "kept", row.Share);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                EvaluationReport.WriteTargets(writer, targets);
            }));
            return;
        }

        var table = new TextTable("family", "disguised", "still blocked", "kept");
        foreach (var row in rows) table.Add(row.Target.Name, TextTable.Cell(row.Disguised), TextTable.Cell(row.Kept), TextTable.Cell(row.Share, 3));
        await table.WriteAsync(output, format == ReportFormat.Markdown);
        await EvaluationReport.WriteTargetsAsync(targets, output, format);
    }
}
