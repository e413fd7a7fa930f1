using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aigc2d.Moderation.Rules;

/// <summary>Reads files that people write: a member that is unknown, missing or there twice is a fault.</summary>
internal static class AuthoredJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <param name="json">The file.</param>
    /// <param name="kind">What it is, for the message about an empty one.</param>
    /// <exception cref="JsonException">It does not follow the schema.</exception>
    public static T Parse<T>(Stream json, string kind) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"A {kind} is empty.");
}
