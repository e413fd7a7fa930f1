using System.Buffers;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>
/// The ids of tool calls in one conversation. Anthropic takes letters, digits, dashes and underscores, each id once; conversations that another
/// provider began, or that use the old functions, have others.
/// </summary>
internal sealed class ToolIds
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private readonly Dictionary<string, string> _latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);

    /// <summary>The id of a call that is made here.</summary>
    public string OfCall(string id)
    {
        var plain = Plain(id);
        var uses = _uses[plain] = _uses.GetValueOrDefault(plain) + 1;
        var own = uses == 1 ? plain : OfCall($"{plain}_{uses}");
        return _latest[id] = own;
    }

    /// <summary>The id of the call that a result answers: the latest of this name.</summary>
    public string OfResult(string id) => _latest.GetValueOrDefault(id) ?? Plain(id);

    private static string Plain(string id)
    {
        if (id.Length == 0) return "call";
        return id.AsSpan().ContainsAnyExcept(Allowed) ? string.Create(id.Length, id, static (plain, id) =>
        {
            for (var i = 0; i < plain.Length; i++) plain[i] = Allowed.Contains(id[i]) ? id[i] : '_';
        }) : id;
    }
}
