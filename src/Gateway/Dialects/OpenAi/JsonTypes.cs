using System.Text.Json;

namespace Aigc2d.Gateway.Dialects.OpenAi;

/// <summary>The types that a documented member may have. JSON null always counts as absent.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Text = 1,
    Number = 2,

    /// <summary>A number without fraction or exponent that fits 64 bits.</summary>
    Integer = 4,
    Boolean = 8,
    Object = 16,
    Array = 32,
}

/// <summary>Says types in words, and whether a value is of one.</summary>
internal static class JsonTypesExtensions
{
    private static readonly (JsonTypes Type, string Words)[] Words =
    [
        (JsonTypes.Text, "a string"), (JsonTypes.Number, "a number"), (JsonTypes.Integer, "an integer"),
        (JsonTypes.Boolean, "true or false"), (JsonTypes.Object, "an object"), (JsonTypes.Array, "an array"),
    ];

    public static bool Include(this JsonTypes types, JsonTokenType token, bool isInteger) => token switch
    {
        JsonTokenType.String => types.HasFlag(JsonTypes.Text),
        JsonTokenType.Number => types.HasFlag(JsonTypes.Number) || (types.HasFlag(JsonTypes.Integer) && isInteger),
        JsonTokenType.True or JsonTokenType.False => types.HasFlag(JsonTypes.Boolean),
        JsonTokenType.StartObject => types.HasFlag(JsonTypes.Object),
        JsonTokenType.StartArray => types.HasFlag(JsonTypes.Array),
        _ => true,
    };

    public static string ToWords(this JsonTypes types) => string.Join(" or ", Words.Where(word => types.HasFlag(word.Type)).Select(word => word.Words));
}
