using System.Globalization;
using System.Text;

namespace Aigc2d.Moderation.Normalisation;

/// <summary>Reads the embedded tables behind <see cref="FoldTable"/>. Lines that start with # are comments.</summary>
internal static class FoldData
{
    public static Dictionary<int, string> Compatibility()
    {
        var forms = new Dictionary<int, string>();
        foreach (var cells in Rows("compatibility.tsv"))
        {
            var first = int.Parse(cells[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (cells.Length == 3) forms[first] = cells[2];
            else
                foreach (var form in cells[1].EnumerateRunes()) forms[first++] = form.ToString();
        }

        return forms;
    }

    public static Dictionary<int, string> Confusables()
    {
        var forms = new Dictionary<int, string>();
        foreach (var cells in Rows("confusables.tsv"))
        {
            if (cells[1].Split('-') is [{ Length: > 3 } from, { Length: > 3 } to])
            {
                var first = int.Parse(from, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                var last = int.Parse(to, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                for (var c = first; c <= last; c++) forms[c] = ((char)(cells[0][0] + c - first)).ToString();
            }
            else
                foreach (var rune in cells[1].EnumerateRunes()) forms[rune.Value] = cells[0];
        }

        return forms;
    }

    public static Dictionary<int, string> Simplified()
    {
        var forms = new Dictionary<int, string>();
        foreach (var cells in Rows("simplified.tsv"))
            foreach (var traditional in cells[1].EnumerateRunes()) forms[traditional.Value] = cells[0];
        return forms;
    }

    public static Dictionary<char, string[]> Readings() => Rows("pinyin.tsv").ToDictionary(cells => cells[0][0], cells => cells[1].Split(' '));

    public static string[] Words() => [.. Lines("words.txt")];

    private static IEnumerable<string[]> Rows(string name) => Lines(name).Select(line => line.Split('\t'));

    private static IEnumerable<string> Lines(string name)
    {
        var assembly = typeof(FoldData).Assembly;
        var resource = $"{assembly.GetName().Name}.Normalisation.Data.{name}";
        using var stream = assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The embedded table {resource} is missing.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            if (!line.StartsWith('#')) yield return line;
    }
}
