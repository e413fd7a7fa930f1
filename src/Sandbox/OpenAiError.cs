using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aigc2d.Sandbox;

/// <summary>OpenAI's error envelope.</summary>
public sealed record OpenAiError
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [JsonPropertyName("error")]
    public required Detail Error { get; init; }

    public static OpenAiError Of(string type, string? code, string message, string? param = null) =>
        new() { Error = new Detail(message, type, param, code) };

    public static IResult Result(int status, string type, string? code, string message, string? param = null) =>
        Results.Json(Of(type, code, message, param), Json, statusCode: status);

    /// <summary>The four members that OpenAI's schema requires.</summary>
    public sealed record Detail(string Message, string Type, string? Param, string? Code);
}
