using System.Text.Json;

namespace Aigc2d.Gateway.Dialects;

/// <summary>The types that a documented member may have. JSON null always counts as absent.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Text = 1,
    Number = 2,

    /// <summary>A number without fraction or exponent.</summary>
    Integer = 4,
    Boolean = 8,
    Object = 16,
    Array = 32,
}

/// <summary>What a documented member may be.</summary>
/// <param name="Types">Its types.</param>
/// <param name="Least">The least that it may be as an integer.</param>
/// <param name="Most">The most that it may be as an integer.</param>
internal readonly record struct FieldType(JsonTypes Types, long Least = long.MinValue, long Most = long.MaxValue)
{
    public bool Includes(JsonTokenType token, long? integer) => token switch
    {
        JsonTokenType.String => Types.HasFlag(JsonTypes.Text),
        JsonTokenType.Number => Types.HasFlag(JsonTypes.Number) || (Types.HasFlag(JsonTypes.Integer) && integer >= Least && integer <= Most),
        JsonTokenType.True or JsonTokenType.False => Types.HasFlag(JsonTypes.Boolean),
        JsonTokenType.StartObject => Types.HasFlag(JsonTypes.Object),
        JsonTokenType.StartArray => Types.HasFlag(JsonTypes.Array),
        _ => true,
    };

    /// <summary>The rule, in words for whoever broke it.</summary>
    public string ToRule() => "must be " + string.Join(" or ", Words());

    private IEnumerable<string> Words()
    {
        if (Types.HasFlag(JsonTypes.Text)) yield return "a string";
        if (Types.HasFlag(JsonTypes.Number)) yield return "a number";
        if (Types.HasFlag(JsonTypes.Integer)) yield return $"an integer from {Least} to {Most}";
        if (Types.HasFlag(JsonTypes.Boolean)) yield return "true or false";
        if (Types.HasFlag(JsonTypes.Object)) yield return "an object";
        if (Types.HasFlag(JsonTypes.Array)) yield return "an array";
    }
}
