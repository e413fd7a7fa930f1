using System.Text.Json;

namespace Aigc2d.ServiceDefaults.Tests;

public sealed class JsonTests
{
    private static readonly JsonSerializerOptions Options = ServiceExtensions.ApplyTo(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    [Theory]
    [InlineData("2026-11-21T10:30:00+02:00", "2026-11-21T08:30:00Z")]
    [InlineData("2026-11-21T08:30:00.1234567Z", "2026-11-21T08:30:00.1234567Z")]
    [InlineData("2026-11-21T08:30:00.500Z", "2026-11-21T08:30:00.5Z")]
    public void Times_are_written_in_UTC_with_a_Z_and_keep_their_instant(string read, string written)
    {
        var time = JsonSerializer.Deserialize<DateTimeOffset>($"\"{read}\"", Options);

        Assert.Equal($"\"{written}\"", JsonSerializer.Serialize(time, Options));
        Assert.Equal($"[null,\"{written}\"]", JsonSerializer.Serialize<DateTimeOffset?[]>([null, time], Options));
    }
}
