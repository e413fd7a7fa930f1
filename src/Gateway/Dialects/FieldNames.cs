using System.Collections.Frozen;

namespace Aigc2d.Gateway.Dialects;

/// <summary>The names of a body's fields that its dialect documents.</summary>
/// <param name="known">All of them.</param>
/// <param name="readable">Those that a model reads as text, or whose texts reach it, and that are not read one by one.</param>
internal sealed class FieldNames(IEnumerable<string> known, IEnumerable<string> readable)
{
    private readonly FrozenDictionary<string, string> _known = known.ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase);
    private readonly FrozenSet<string> _readable = readable.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the dialect documents the field.</summary>
    public bool Include(string name) => _known.ContainsKey(name);

    /// <summary>The documented name that <paramref name="name"/> is mistaken for by a reader that ignores case; null when there is none.</summary>
    public string? MisspeltName(string name) => _known.TryGetValue(name, out var known) && known != name ? known : null;

    /// <summary>Whether strings in the field may reach a model: those of fields that nobody has documented are taken to.</summary>
    public bool MayHoldPrompt(string name) => !_known.ContainsKey(name) || _readable.Contains(name);
}
