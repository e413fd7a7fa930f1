using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aigc2d.Contracts;

/// <summary>Writes an enum as the snake_case name that the documented bodies use (<c>client_abort</c>).</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
public sealed class SnakeCaseConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
