using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;

namespace Aigc2d.Billing.Prices;

/// <summary>Price rows as CSV (RFC 4180). Columns bear the JSON names; a member of an object is <c>images.1024x1024/hd</c>, <c>tasks.imagine</c>, <c>diffusion.base</c>.</summary>
internal static class PriceCsv
{
    public const string ContentType = "text/csv";

    private const int MostFaults = 100;

    private const string Model = "model";
    private const string EffectiveFrom = "effectiveFrom";

    /// <summary>Given by us: shown in an export and not read from an import.</summary>
    private const string Version = "version";

    private static readonly string[] Numbers =
    [
        "inputMicropointsPer1k", "outputMicropointsPer1k", "cachedInputMicropointsPer1k", "cacheWriteMicropointsPer1k", "audioInputMicropointsPer1k",
        "imageInputMicropointsPer1k", "reasoningMicropointsPer1k", "audioOutputMicropointsPer1k", "imageOutputMicropointsPer1k", "contextTokens",
        "maxOutputTokens", "holdOutputTokens", "micropointsPerSecond", "micropointsPer1kCharacters",
    ];

    private static readonly string[] Objects = ["images", "tasks", "diffusion"];

    private static readonly string[] DiffusionMembers = ["base", "perControlNetUnit", "micropointsPerUnit", "roundToMicropoints"];

    // Reading takes any line ending; naming one here would take that one only.
    private static readonly CsvConfiguration Reading = new(CultureInfo.InvariantCulture);

    private static readonly CsvConfiguration Writing = new(CultureInfo.InvariantCulture) { NewLine = "\r\n" };

    public static string Write(IEnumerable<Price> prices)
    {
        var rows = prices.Select(price => JsonSerializer.SerializeToNode(price, PriceJson.Options)!.AsObject()).ToArray();
        var members = rows.SelectMany(row => Objects.SelectMany(name => row[name] is JsonObject entries ? entries.Select(entry => $"{name}.{entry.Key}") : [])).Distinct();
        string[] columns = [Model, EffectiveFrom, .. Numbers, .. members.Order(StringComparer.Ordinal), Version];

        using var text = new StringWriter();
        using var csv = new CsvWriter(text, Writing);
        foreach (var column in columns) csv.WriteField(column);
        foreach (var row in rows)
        {
            csv.NextRecord();
            foreach (var column in columns) csv.WriteField(Cell(row, column));
        }

        csv.NextRecord();
        csv.Flush();
        return text.ToString();
    }

    /// <summary>All rows of the text, or what is wrong with them by line and column.</summary>
    public static (IReadOnlyList<PriceRow> Rows, IReadOnlyList<(string Field, string Message)> Faults) Read(string text)
    {
        var rows = new List<PriceRow>();
        var faults = new List<(string, string)>();
        try
        {
            using var reader = new StringReader(text);
            using var csv = new CsvReader(reader, Reading);
            if (!csv.Read()) return (rows, [("line 1", "must name the columns, and at least one row must follow.")]);

            csv.ReadHeader();
            var columns = csv.HeaderRecord!;
            faults.AddRange(HeaderFaults(columns));
            var models = new Dictionary<string, int>(StringComparer.Ordinal);
            if (faults.Count > 0) return (rows, faults);

            while (faults.Count < MostFaults && csv.Read()) ReadRow(csv, columns, models, rows, faults);
        }
        catch (CsvHelperException exception)
        {
            return (rows, [($"line {exception.Context?.Parser?.RawRow ?? 1}", "is not CSV as RFC 4180 has it: a quote is missing or misplaced.")]);
        }

        if (faults.Count == 0 && rows.Count is 0 or > PutPrices.MostRows) faults.Add(("body", "must have 1 to 1,000 rows below the line with the columns' names."));
        return (rows, faults);
    }

    private static void ReadRow(CsvReader csv, string[] columns, Dictionary<string, int> models, List<PriceRow> rows, List<(string Field, string Message)> faults)
    {
        var line = csv.Parser.RawRow;
        var before = faults.Count;
        if (csv.Parser.Count != columns.Length)
        {
            faults.Add(($"line {line}", $"has {csv.Parser.Count} fields; the first line names {columns.Length} columns."));
            return;
        }

        var members = new JsonObject();
        for (var i = 0; i < columns.Length; i++)
        {
            if (Set(members, columns[i], csv.GetField(i)!) is { } message) Fault(columns[i], message);
        }

        foreach (var name in DiffusionMembers.Where(name => members["diffusion"] is JsonObject rate && !rate.ContainsKey(name))) Fault($"diffusion.{name}", "is required beside the other columns of diffusion.");
        if (faults.Count > before) return;

        var row = members.Deserialize<PriceRow>(PriceJson.Options)!;
        foreach (var (field, message) in PriceFaults.Of(row)) Fault(field, message);
        if (!models.TryAdd(row.Model, line)) Fault(Model, $"{row.Model} is also on line {models[row.Model]}; send one row per model and request.");
        rows.Add(row);

        void Fault(string column, string message) => faults.Add(($"line {line}, column {column}", message));
    }

    /// <summary>Puts a cell into the row's JSON; an empty cell is null. Answers what is wrong with it.</summary>
    private static string? Set(JsonObject row, string column, string cell)
    {
        if (column == Model) row[Model] = cell;
        if (column is Model or Version || cell.Length == 0) return null;
        if (column == EffectiveFrom)
        {
            var isTime = DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && cell.Contains('T', StringComparison.Ordinal);
            row[EffectiveFrom] = time;
            return isTime ? null : "must be an RFC 3339 time such as 2026-01-31T00:00:00Z, or empty for now.";
        }

        var isInteger = column is "contextTokens" or "maxOutputTokens" or "holdOutputTokens" or "diffusion.base" or "diffusion.perControlNetUnit";
        if (!long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || (isInteger && number is < int.MinValue or > int.MaxValue)) return "must be a whole number, or empty.";

        var (name, member) = Split(column);
        if (member is null) row[name] = number;
        else ((JsonObject)(row[name] ??= new JsonObject()))[member] = number;
        return null;
    }

    private static IEnumerable<(string Field, string Message)> HeaderFaults(string[] columns)
    {
        if (!columns.Contains(Model)) yield return ("line 1", "must name the column model.");
        foreach (var (i, column) in columns.Where(column => !IsKnown(column)).Distinct().Index())
        {
            var known = $" Known are {Model}, {EffectiveFrom}, {string.Join(", ", Numbers)}, images.<size>, images.<size>/<quality>, tasks.<action> and diffusion.<{string.Join('|', DiffusionMembers)}>.";
            yield return ($"line 1, column {column}", $"is not a known column.{(i == 0 ? known : "")}");
        }

        foreach (var column in columns.GroupBy(column => column, StringComparer.Ordinal).Where(group => group.Count() > 1)) yield return ($"line 1, column {column.Key}", "appears more than once.");
    }

    private static bool IsKnown(string column) => Split(column) switch
    {
        (_, null) => column is Model or EffectiveFrom or Version || Numbers.Contains(column),
        ("diffusion", var member) => DiffusionMembers.Contains(member),
        var (name, member) => Objects.Contains(name) && member.Length > 0,
    };

    private static (string Name, string? Member) Split(string column) =>
        column.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? (column[..dot], column[(dot + 1)..]) : (column, null);

    private static string? Cell(JsonObject row, string column)
    {
        var (name, member) = Split(column);
        return (member is null ? row[name] : row[name]?[member])?.ToString();
    }
}
