using System.Buffers;
using System.Globalization;
using System.Text;

namespace Aigc2d.Billing.Exports;

/// <summary>Writes RFC 4180 rows as UTF-8. Text that a spreadsheet would take for a formula is given a leading apostrophe.</summary>
internal sealed class CsvWriter(IBufferWriter<byte> output)
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");
    private bool _isFirst = true;

    public void Header(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) Plain(name);
        EndRow();
    }

    /// <summary>A text that comes from outside.</summary>
    public void Text(string? text)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]) text = "'" + text;
        Plain(text);
    }

    public void Number(long number)
    {
        Separate();
        number.TryFormat(output.GetSpan(20), out var length, provider: CultureInfo.InvariantCulture);
        output.Advance(length);
    }

    public void Empty() => Separate();

    /// <summary>A value of ours: a number, an id, a time.</summary>
    public void Plain(string? value)
    {
        Separate();
        if (string.IsNullOrEmpty(value)) return;
        if (!value.AsSpan().ContainsAny(NeedQuotes)) Write(value);
        else Write($"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    public void EndRow()
    {
        Write("\r\n");
        _isFirst = true;
    }

    private void Separate()
    {
        if (!_isFirst) Write(",");
        _isFirst = false;
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}

/// <summary>A small CSV file as an answer.</summary>
internal sealed class CsvResult(string fileName, Action<CsvWriter> write) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/csv; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        write(new CsvWriter(httpContext.Response.BodyWriter));
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
