using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aigc2d.ServiceDefaults.Json;

/// <summary>Writes times as RFC 3339 in UTC with <c>Z</c>; reads any offset.</summary>
public sealed class UtcTimes : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[Format.Length];
        value.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
