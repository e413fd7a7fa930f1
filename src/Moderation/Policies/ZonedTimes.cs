using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Aigc2d.Moderation.Policies;

/// <summary>Reads times that name their offset: without one, a time would be that of whichever zone the service happens to run in.</summary>
internal sealed partial class ZonedTimes : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !Offset().IsMatch(reader.GetString()!) || !reader.TryGetDateTimeOffset(out var time)) throw new JsonException();
        return time;
    }

    /// <summary>Reads a time outside JSON.</summary>
    public static bool TryRead(string text, out DateTimeOffset time)
    {
        time = default;
        return Offset().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})$")]
    private static partial Regex Offset();
}
