using System.Text;

namespace Aigc2d.Billing.Reconciliations;

/// <summary>Reads RFC 4180 text into rows of cells.</summary>
internal static class CsvReader
{
    /// <summary>The rows; empty lines are left out. A quote that is never closed ends with the text.</summary>
    public static List<string[]> Read(string text)
    {
        var rows = new List<string[]>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[i++]);
            else if (c == '"') isQuoted = !isQuoted;
            else if (isQuoted) cell.Append(c);
            else if (c == ',') EndCell();
            else if (c == '\n') EndRow();
            else if (c != '\r') cell.Append(c);
        }

        EndRow();
        return rows;

        void EndCell()
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }

        void EndRow()
        {
            EndCell();
            if (cells is not [""]) rows.Add([.. cells]);
            cells.Clear();
        }
    }
}
