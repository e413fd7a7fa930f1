using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Aigc2d.Billing.Exports;

/// <summary>Writes a query's rows into a buffer.</summary>
internal interface IRowWriter
{
    void Start(NpgsqlDataReader reader);

    void Row(NpgsqlDataReader reader);
}

/// <summary>A line of names, then a line per row.</summary>
internal sealed class CsvRows(IBufferWriter<byte> output) : IRowWriter
{
    private readonly CsvWriter _csv = new(output);
    private string[] _types = [];

    public void Start(NpgsqlDataReader reader)
    {
        _types = ColumnTypes.Of(reader);
        _csv.Header(ColumnTypes.NamesOf(reader));
    }

    public void Row(NpgsqlDataReader reader)
    {
        for (var i = 0; i < _types.Length; i++)
        {
            if (reader.IsDBNull(i)) _csv.Empty();
            else Write(reader, i);
        }

        _csv.EndRow();
    }

    private void Write(NpgsqlDataReader reader, int column)
    {
        switch (_types[column])
        {
            case "bigint" or "integer":
                _csv.Number(reader.GetInt64(column));
                break;
            case "uuid":
                _csv.Plain(reader.GetGuid(column).ToString());
                break;
            case "timestamp with time zone":
                _csv.Plain(ColumnTypes.Time(reader, column));
                break;
            case "boolean":
                _csv.Plain(reader.GetBoolean(column) ? "true" : "false");
                break;
            case "jsonb":
                _csv.Plain(reader.GetString(column));
                break;
            default:
                _csv.Text(reader.GetString(column));
                break;
        }
    }
}

/// <summary>An object per line.</summary>
internal sealed class JsonLines(IBufferWriter<byte> output) : IRowWriter, IDisposable
{
    private readonly Utf8JsonWriter _json = new(output);
    private string[] _types = [];
    private JsonEncodedText[] _names = [];

    public void Start(NpgsqlDataReader reader)
    {
        _types = ColumnTypes.Of(reader);
        _names = [.. ColumnTypes.NamesOf(reader).Select(name => JsonEncodedText.Encode(name))];
    }

    public void Row(NpgsqlDataReader reader)
    {
        _json.Reset(output);
        _json.WriteStartObject();
        for (var i = 0; i < _types.Length; i++)
        {
            _json.WritePropertyName(_names[i]);
            if (reader.IsDBNull(i)) _json.WriteNullValue();
            else Write(reader, i);
        }

        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
    }

    public void Dispose() => _json.Dispose();

    private void Write(NpgsqlDataReader reader, int column)
    {
        switch (_types[column])
        {
            case "bigint" or "integer":
                _json.WriteNumberValue(reader.GetInt64(column));
                break;
            case "uuid":
                _json.WriteStringValue(reader.GetGuid(column));
                break;
            case "timestamp with time zone":
                _json.WriteStringValue(ColumnTypes.Time(reader, column));
                break;
            case "boolean":
                _json.WriteBooleanValue(reader.GetBoolean(column));
                break;
            case "jsonb":
                _json.WriteRawValue(reader.GetString(column));
                break;
            default:
                _json.WriteStringValue(reader.GetString(column));
                break;
        }
    }
}

internal static class ColumnTypes
{
    public static string[] Of(NpgsqlDataReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetDataTypeName)];

    public static string[] NamesOf(NpgsqlDataReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];

    /// <summary>RFC 3339 with microseconds, which is all the database knows.</summary>
    public static string Time(NpgsqlDataReader reader, int column) => reader.GetDateTime(column).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
