using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Aigc2d.Moderation.Training;

/// <summary>One line of a labelled file.</summary>
internal sealed record LabelledRow
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public required string Id { get; init; }

    public required string Text { get; init; }

    /// <summary>1 unsafe, 0 safe, null unknown.</summary>
    public int? Unsafe { get; init; }

    /// <summary>The categories it breaks, as the file names them.</summary>
    public string[] Cats { get; init; } = [];

    /// <summary>The files of a folder, or of <c>train</c> in it, by name.</summary>
    public static string[] FilesIn(string folder)
    {
        var train = Path.Combine(folder, "train");
        return [.. Directory.EnumerateFiles(Directory.Exists(train) ? train : folder).Where(IsRows).Order(StringComparer.Ordinal)];
    }

    /// <summary>Every row of a file, with the SHA-256 of its bytes.</summary>
    /// <exception cref="FormatException">A line is no row; the line is named, not shown.</exception>
    public static (List<LabelledRow> Rows, string Hash) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Stream stream = new MemoryStream(bytes);
        if (path.EndsWith(".gz", StringComparison.Ordinal)) stream = new GZipStream(stream, CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var rows = new List<LabelledRow>();
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            try
            {
                rows.Add(JsonSerializer.Deserialize<LabelledRow>(text, Json) ?? throw new JsonException());
            }
            catch (JsonException)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}, line {line}: not a row of id, text, unsafe and cats."));
            }
        }

        return (rows, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static bool IsRows(string path) => path.EndsWith(".jsonl", StringComparison.Ordinal) || path.EndsWith(".jsonl.gz", StringComparison.Ordinal);
}
