using System.Globalization;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>A table of words and numbers, in columns for a terminal or as Markdown.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public async Task WriteAsync(TextWriter output, bool asMarkdown)
    {
        var widths = header.Select((name, column) => _rows.Select(row => row[column].Length).Append(name.Length).Max()).ToArray();
        await output.WriteLineAsync(Line(header, widths, asMarkdown));
        if (asMarkdown) await output.WriteLineAsync($"|{string.Concat(header.Select(_ => "---|"))}");
        foreach (var row in _rows) await output.WriteLineAsync(Line(row, widths, asMarkdown));
        await output.WriteLineAsync();
    }

    /// <summary>A number with so many places; a dash for none.</summary>
    public static string Cell(double? value, int digits) => value is { } number ? number.ToString($"F{digits}", CultureInfo.InvariantCulture) : "–";

    public static string Cell(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Line(string[] cells, int[] widths, bool asMarkdown) => asMarkdown
        ? $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |"
        : string.Join("  ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : IsNumber(cell) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();

    private static bool IsNumber(string cell) => cell == "–" || double.TryParse(cell, CultureInfo.InvariantCulture, out _);
}
