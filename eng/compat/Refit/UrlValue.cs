using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;

namespace Refit;

/// <summary>Arguments as they are written into paths, queries and headers.</summary>
internal static class UrlValue
{
    public static bool IsScalar(Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        return value == typeof(string) || value == typeof(Uri) || (value.IsValueType && value.IsAssignableTo(typeof(IFormattable))) || value == typeof(bool);
    }

    public static string Format(object? value) => value switch
    {
        null => string.Empty,
        Enum member => member.GetType().GetField(member.ToString())?.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? member.ToString(),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    public static IEnumerable<string> FormatAll(object value, CollectionFormat format) => format switch
    {
        CollectionFormat.Multi => ((IEnumerable)value).Cast<object?>().Select(Format),
        CollectionFormat.Csv => [string.Join(',', ((IEnumerable)value).Cast<object?>().Select(Format))],
        _ => [Format(value)],
    };
}
