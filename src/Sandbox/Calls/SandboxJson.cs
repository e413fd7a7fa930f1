using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aigc2d.Sandbox.Calls;

/// <summary>JSON as providers write it: quotes and non-ASCII text unescaped where JSON allows.</summary>
public static class SandboxJson
{
    public static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions AsNamed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Member names go out as they are written in code.</summary>
    public static IResult Result(object value, int status = StatusCodes.Status200OK) => Results.Json(value, AsNamed, statusCode: status);

    public static byte[] Bytes(object value) => JsonSerializer.SerializeToUtf8Bytes(value, AsNamed);

    public static byte[] Bytes(Action<Utf8JsonWriter> writeMembers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Unescaped))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>A number that is claimed as text, so that wrong ones can be claimed too.</summary>
    public static void WriteRawNumber(this Utf8JsonWriter json, string name, string number)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(number);
    }
}
