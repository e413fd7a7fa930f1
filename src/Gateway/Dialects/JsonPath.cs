using System.Globalization;
using System.Text;

namespace Aigc2d.Gateway.Dialects;

/// <summary>Where in a document the reader stands, kept as it goes and spelt out only for an error: <c>tools[2].function.name</c>.</summary>
internal sealed class JsonPath
{
    private const int LongestName = 64;
    private readonly string?[] _names = new string?[JsonWalker.DeepestLevel + 1];
    private readonly int[] _indexes = new int[JsonWalker.DeepestLevel + 1];

    /// <summary>How many objects and arrays are open.</summary>
    public int Depth { get; private set; }

    public void Enter()
    {
        Depth++;
        _names[Depth] = null;
        _indexes[Depth] = -1;
    }

    public void Leave() => Depth--;

    public void MoveTo(string name) => _names[Depth] = name;

    public void MoveToNextElement() => _indexes[Depth]++;

    /// <summary>The path, with <paramref name="member"/> of the value that the reader stands in when given.</summary>
    public string? ToText(string? member = null)
    {
        var text = new StringBuilder();
        for (var level = 1; level <= Depth; level++)
        {
            if (_names[level] is { } name) Append(text, name);
            else if (_indexes[level] >= 0) text.Append('[').Append(_indexes[level].ToString(CultureInfo.InvariantCulture)).Append(']');
        }

        if (member is not null) Append(text, member);
        return text.Length == 0 ? null : text.ToString();
    }

    private static void Append(StringBuilder text, string name)
    {
        if (text.Length > 0) text.Append('.');
        text.Append(name.Length <= LongestName ? name : name[..LongestName] + "…");
    }
}
